/** Pages that most visits do without: their code is fetched when they are opened. */
import { createElement, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** A page that stands once it is there. One that cannot be fetched is broken, and the frame around it says so. */
export function later<Props extends object>(
  load: () => Promise<(props: Props) => JSX.Element>,
): (props: Props) => JSX.Element {
  let Page: ((props: Props) => JSX.Element) | undefined;
  return function Later(props: Props) {
    const [failure, setFailure] = useState<unknown>();
    const [, setReady] = useState(Page !== undefined);
    useEffect(() => {
      if (Page !== undefined) return;
      load().then((loaded) => {
        Page = loaded;
        setReady(true);
      }, setFailure);
    }, []);
    if (failure !== undefined) throw failure;
    if (Page !== undefined) return createElement(Page, props);
    return (
      <main aria-label="Greenroom" aria-busy="true" id="conversation">
        <h1 class="unseen">Greenroom</h1>
      </main>
    );
  };
}
