/** How many panes stand beside each other. */
import { useEffect, useState } from "preact/hooks";

const TWO = "(width >= 720px)";
const THREE = "(width >= 1200px)";

function panesNow(): 1 | 2 | 3 {
  if (window.matchMedia(THREE).matches) return 3;
  return window.matchMedia(TWO).matches ? 2 : 1;
}

export function usePanes(): 1 | 2 | 3 {
  const [panes, setPanes] = useState(panesNow);
  useEffect(() => {
    const queries = [TWO, THREE].map((query) => window.matchMedia(query));
    const changed = () => setPanes(panesNow());
    for (const query of queries) query.addEventListener("change", changed);
    return () => {
      for (const query of queries) query.removeEventListener("change", changed);
    };
  }, []);
  return panes;
}
