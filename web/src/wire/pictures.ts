/** The bytes of pictures, for the keep. */

/** `gone`: it is not to be seen any more. Nothing, if nobody answered. */
export type Fetched = Blob | "gone" | undefined;

const GONE: readonly number[] = [401, 403, 404];

/** From the browser's own store, if it has just been shown; else the server is asked whether it may be seen still. */
export async function fetchPicture(path: string, isShown: boolean): Promise<Fetched> {
  try {
    const answer = await fetch(path, { credentials: "same-origin", cache: isShown ? "force-cache" : "default" });
    if (answer.ok) return await answer.blob();
    return GONE.includes(answer.status) ? "gone" : undefined;
  } catch {
    return undefined;
  }
}
