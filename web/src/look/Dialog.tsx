/** Dialogs: modal, by the browser's own `<dialog>`, which keeps the focus inside and gives it back. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** Asks something that must be answered. */
  readonly asks?: boolean;
  readonly hint?: string | undefined;
  /** As wide as the window allows. */
  readonly isWide?: boolean;
}

export function Dialog({ title, onClose, children, asks = false, hint, isWide = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      // While it is open nothing else takes the focus, and one that goes away open does not give it back by itself.
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={isWide ? "dialog dialog-wide" : "dialog"}
      role={asks ? "alertdialog" : undefined}
      aria-labelledby={`${id}-title`}
      aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      onCancel={(event) => {
        if (event.target !== element.current) return;
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current && !asks) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="dialog-body">
        <h2 id={`${id}-title`} dir="auto">
          {title}
        </h2>
        {hint !== undefined && <p id={`${id}-hint`}>{hint}</p>}
        {children}
      </div>
    </dialog>
  );
}

export interface AskProps {
  readonly title: string;
  readonly hint?: string;
  readonly verb: string;
  readonly cancel: string;
  readonly onYes: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Ask({ title, hint, verb, cancel, onYes, onClose }: AskProps) {
  return (
    <Dialog title={title} hint={hint} onClose={onClose} asks>
      <div class="dialog-buttons">
        <button type="button" class="button button-plain" onClick={onClose} autofocus>
          {cancel}
        </button>
        <button type="button" class="button button-danger" onClick={onYes}>
          {verb}
        </button>
      </div>
    </Dialog>
  );
}
