/** Which pictures of a conversation can be looked at, one after the other. */
import { type Attachment, shownAs } from "../../model/attachment.ts";
import type { Chat } from "../../model/model.ts";
import { useApp } from "../context.ts";
import { later, nothing } from "../Later.tsx";

const Viewer = later(async () => (await import("../viewer/Viewer.tsx")).Viewer, nothing);

export interface ViewingProps {
  readonly chat: Chat;
  /** The id of the picture that is shown. */
  readonly file: string;
  readonly onView: (file: string | undefined) => void;
}

export function Viewing({ chat, file, onView }: ViewingProps) {
  const app = useApp();
  const { blocked } = app.model.value;
  const pictures = (chat.window?.messages ?? [])
    .filter(({ mine }) => mine?.hidden !== true)
    .filter(({ sender, attachments }) => blocked[sender] !== true || holds(attachments, file))
    .flatMap((message) => (message.attachments ?? []).filter((one) => shownAs(one) === "picture"));
  const saw = ({ id, url }: Attachment) => {
    const message = chat.window?.messages.find(({ attachments }) => holds(attachments, id));
    if (message !== undefined) app.sawPicture(chat.id, message.seq, url);
  };
  return <Viewer pictures={pictures} file={file} onView={onView} onSaw={saw} />;
}

function holds(files: readonly Attachment[] | undefined, id: string): boolean {
  return files?.some((file) => file.id === id) === true;
}
