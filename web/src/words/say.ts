/** Numbers, plurals, days and times as a language says them. */

export type Forms = { readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

export class Say {
  readonly #number: Intl.NumberFormat;
  readonly #plural: Intl.PluralRules;
  readonly #time: Intl.DateTimeFormat;
  readonly #full: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #dayOfYear: Intl.DateTimeFormat;
  readonly #short: Intl.DateTimeFormat;
  readonly #shortOfYear: Intl.DateTimeFormat;
  readonly #relative: Intl.RelativeTimeFormat;

  constructor(readonly language: string) {
    this.#number = new Intl.NumberFormat(language);
    this.#plural = new Intl.PluralRules(language);
    this.#time = new Intl.DateTimeFormat(language, { timeStyle: "short" });
    this.#full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" });
    this.#day = new Intl.DateTimeFormat(language, { weekday: "long", month: "long", day: "numeric" });
    this.#dayOfYear = new Intl.DateTimeFormat(language, { month: "long", day: "numeric", year: "numeric" });
    this.#short = new Intl.DateTimeFormat(language, { month: "short", day: "numeric" });
    this.#shortOfYear = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", year: "numeric" });
    this.#relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  /** The form for this number, with `{n}` filled in. */
  plural(value: number, forms: Forms): string {
    return (forms[this.#plural.select(value)] ?? forms.other).replace("{n}", this.number(value));
  }

  /** "2.4 MB". What would be rounded to a thousand is one of the next unit. */
  size(bytes: number): string {
    const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes / 0.9995) / 3));
    const value = bytes / 1000 ** step;
    return new Intl.NumberFormat(this.language, {
      style: "unit",
      unit: SIZES[step] ?? "byte",
      unitDisplay: step === 0 ? "long" : "short",
      maximumFractionDigits: value < 10 ? 1 : 0,
    }).format(value);
  }

  time(at: string): string {
    return this.#time.format(new Date(at));
  }

  full(at: string): string {
    return this.#full.format(new Date(at));
  }

  /** "Today", "Yesterday", "Monday, March 2", of other years "March 2, 2025". */
  day(at: string, now: number): string {
    const days = daysBetween(at, now);
    if (days === 0 || days === 1) return capital(this.#relative.format(-days, "day"), this.language);
    const date = new Date(at);
    return date.getFullYear() === new Date(now).getFullYear() ? this.#day.format(date) : this.#dayOfYear.format(date);
  }

  /** In a list: a time today, else a day. */
  brief(at: string, now: number): string {
    return daysBetween(at, now) === 0 ? this.time(at) : this.#short.format(new Date(at));
  }

  /** A short time today, else day and time; of other years the year too. */
  when(at: string, now: number): string {
    if (daysBetween(at, now) === 0) return this.time(at);
    const date = new Date(at);
    const isThisYear = date.getFullYear() === new Date(now).getFullYear();
    return `${(isThisYear ? this.#short : this.#shortOfYear).format(date)}, ${this.time(at)}`;
  }
}

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** The day of a time on this device. */
export function dayOf(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

function daysBetween(at: string, now: number): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(new Date(now)) - midnight(new Date(at))) / 86_400_000);
}

function capital(text: string, language: string): string {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}
