/** Pages that most visits do without: their code is fetched when they are opened. */
import { createElement, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "./context.ts";

type Part<Props> = (props: Props) => JSX.Element | null;

/**
 * A part that stands once it is there, and something else before. One that cannot be fetched is broken, and the frame around it says so;
 * one that is only opened over a page does not open without a network.
 */
export function later<Props extends object>(
  load: () => Promise<Part<Props>>,
  before: () => JSX.Element | null = () => <Blank />,
): Part<Props> {
  let Loaded: Part<Props> | undefined;
  return function Later(props: Props) {
    const app = useApp();
    const [failure, setFailure] = useState<unknown>();
    const [, setReady] = useState(Loaded !== undefined);
    useEffect(() => {
      if (Loaded !== undefined) return;
      const failed = (reason: unknown) => {
        if (app.model.value.connection === "open" || !isOverPage(props)) return setFailure(reason);
        app.tell(app.speech.value.words.youAreOffline);
        props.onClose();
      };
      load().then((loaded) => {
        Loaded = loaded;
        setReady(true);
      }, failed);
    }, []);
    if (failure !== undefined) throw failure;
    return Loaded === undefined ? before() : createElement(Loaded, props);
  };
}

function isOverPage(props: object): props is { readonly onClose: () => void } {
  return "onClose" in props && typeof props.onClose === "function";
}

/** What stands there before a dialog. */
export const nothing = () => null;

function Blank() {
  return (
    <main aria-label="Greenroom" aria-busy="true" id="conversation">
      <h1 class="unseen">Greenroom</h1>
    </main>
  );
}
