/** Pages that most visits do without: their code is fetched when they are opened. */
import { createElement, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

type Part<Props> = (props: Props) => JSX.Element | null;

/** A part that stands once it is there, and something else before. One that cannot be fetched is broken, and the frame around it says so. */
export function later<Props extends object>(
  load: () => Promise<Part<Props>>,
  before: () => JSX.Element | null = () => <Blank />,
): Part<Props> {
  let Loaded: Part<Props> | undefined;
  return function Later(props: Props) {
    const [failure, setFailure] = useState<unknown>();
    const [, setReady] = useState(Loaded !== undefined);
    useEffect(() => {
      if (Loaded !== undefined) return;
      load().then((loaded) => {
        Loaded = loaded;
        setReady(true);
      }, setFailure);
    }, []);
    if (failure !== undefined) throw failure;
    return Loaded === undefined ? before() : createElement(Loaded, props);
  };
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
