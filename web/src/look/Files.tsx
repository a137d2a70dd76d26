/** A button that opens the browser's own choice of files. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

export interface FilesProps {
  readonly accept?: readonly string[];
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  /** Draws the button. */
  readonly children: (open: () => void) => JSX.Element;
}

export function Files({ accept, multiple = false, onFiles, children }: FilesProps) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      {children(() => field.current?.click())}
      <input
        ref={field}
        type="file"
        accept={accept?.join()}
        multiple={multiple}
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
