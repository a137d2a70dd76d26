/** What waits for you is lit: a bulb with a number, a lamp of presence, a row of mirror bulbs. */

/** Without a count it is only lit. One that is silent waits, and does not call. */
export function Bulb({ count, isSilent = false }: { readonly count: number; readonly isSilent?: boolean }) {
  return (
    <span class={isSilent ? "bulb bulb-silent" : "bulb"} aria-hidden="true">
      {count >= 1000 ? "1000+" : count > 0 && count}
    </span>
  );
}

/** Somebody calls one by name. */
export function At() {
  return (
    <span class="at" aria-hidden="true">
      @
    </span>
  );
}

export function Lamp({ label }: { readonly label: string }) {
  return <span class="lamp" role="img" aria-label={label} title={label} />;
}

/** The bulbs of a make-up mirror, lit as far as one has come. */
export function Mirror({ lit, of = 5 }: { readonly lit: number; readonly of?: number }) {
  return (
    <div class="mirror" aria-hidden="true">
      {Array.from({ length: of }, (_, index) => (
        <span key={index} class={index < lit ? "mirror-bulb mirror-lit" : "mirror-bulb"} />
      ))}
    </div>
  );
}

const TINTS = 6;

export interface PortraitProps {
  readonly name: string;
  readonly id: string;
  /** The id of a file. */
  readonly picture?: string | undefined;
}

/** A person's or a group's picture; until it is there, or where there is none, initials on a tint of their own. */
export function Portrait({ name, id, picture }: PortraitProps) {
  const letters = [...name.trim()].slice(0, 1).join("").toLocaleUpperCase();
  const tint = [...id].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7) % TINTS;
  return (
    <span class={`portrait portrait-${tint}`} data-letter={letters} aria-hidden="true">
      {picture !== undefined && (
        <img
          key={picture}
          src={`/files/${encodeURIComponent(picture)}/thumbnail`}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={(event) => {
            event.currentTarget.hidden = true;
          }}
        />
      )}
    </span>
  );
}
