/** Where the focus goes when a row of the list moves away, or goes. */

/** The actions of the row beside this one. */
export function neighbourOf(button: HTMLElement): HTMLElement | undefined {
  const row = button.closest("li");
  const beside = row?.nextElementSibling ?? row?.previousElementSibling;
  return beside?.querySelector<HTMLElement>(".chat-row-actions") ?? undefined;
}

/** To the row's own button wherever it stands now, else to its neighbour, else to the search. Whoever went on is left alone. */
export function returnTo(id: string, neighbour: HTMLElement | undefined): void {
  requestAnimationFrame(() => {
    const active = document.activeElement;
    if (active !== null && active !== document.body) return;
    const own = document.getElementById(id);
    const next = neighbour?.isConnected === true ? neighbour : undefined;
    (own ?? next ?? document.querySelector<HTMLElement>("nav .search-box"))?.focus();
  });
}
