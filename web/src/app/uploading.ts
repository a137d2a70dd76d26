/** What files need on their way to the server. Loaded with the first of them. */
import type { Store } from "../model/store.ts";
import type { Keeping } from "../sync/keeping.ts";
import { CLOCK } from "../sync/ports.ts";
import { Uploads } from "../sync/uploads.ts";
import type { Http } from "../wire/http.ts";
import { forget, preview } from "../wire/preview.ts";
import { upload } from "../wire/upload.ts";

export function uploading(store: Store, http: Http, keeping: Keeping): Uploads {
  const remove = (file: string) => void http.remove(`/files/${encodeURIComponent(file)}`);
  return new Uploads(store, CLOCK, { upload, preview, forget, remove, renew: () => http.me() }, () => keeping.files);
}
