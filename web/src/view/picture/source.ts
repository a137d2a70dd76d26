/** Where a picture is shown from: the server, or what is kept of it here while the server does not answer. */
import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../context.ts";

export interface Source {
  /** Another one is another try. */
  readonly turn: number;
  readonly src: string;
  readonly state: "loading" | "there" | "failed";
  readonly onLoad: () => void;
  readonly onError: () => void;
}

/** `instead`: a smaller one, better than none. */
export function useSource(path: string, saw: () => void, instead?: string): Source {
  const app = useApp();
  const [turn, setTurn] = useState(0);
  const [kept, setKept] = useState<string>();
  const [state, setState] = useState<Source["state"]>("loading");
  const isHere = useRef(true);
  const isOpen = useComputed(() => app.model.value.connection === "open").value;
  useEffect(
    () => () => {
      isHere.current = false;
    },
    [],
  );
  useEffect(() => () => (kept === undefined ? undefined : URL.revokeObjectURL(kept)), [kept]);
  useEffect(() => {
    if (!isOpen || state !== "failed") return;
    setState("loading");
    setKept(undefined);
    setTurn(turn + 1);
  }, [isOpen]);
  const onError = async () => {
    const bytes =
      kept !== undefined
        ? undefined
        : ((await app.keptPicture(path)) ?? (instead === undefined ? undefined : await app.keptPicture(instead)));
    if (!isHere.current) return;
    if (bytes === undefined) setState("failed");
    else setKept(URL.createObjectURL(bytes));
  };
  return {
    turn,
    src: kept ?? path,
    state,
    onLoad: () => {
      setState("there");
      if (kept === undefined) saw();
    },
    onError: () => void onError(),
  };
}
