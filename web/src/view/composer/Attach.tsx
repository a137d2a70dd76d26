/** A button that opens the browser's own choice of files. */
import { useRef } from "preact/hooks";
import { IconButton } from "../../look/Button.tsx";

export interface AttachProps {
  readonly label: string;
  readonly onFiles: (files: readonly File[]) => void;
}

export function Attach({ label, onFiles }: AttachProps) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="clip" label={label} onClick={() => field.current?.click()} />
      <input
        ref={field}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file can be chosen once more.
          currentTarget.value = "";
        }}
      />
    </>
  );
}
