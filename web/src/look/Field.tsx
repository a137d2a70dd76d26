/** A field with its label, a hint, and what is wrong with it. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly name?: string;
  readonly type?: "text" | "email" | "password";
  readonly autocomplete?: string;
  readonly inputMode?: "numeric" | "email" | "text";
  readonly autofocus?: boolean;
  readonly maxLength?: number;
  readonly spellcheck?: boolean;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** A button at the field's end. */
  readonly aside?: ComponentChildren;
  readonly onText: (text: string) => void;
}

export function Field({ label, hint, error, aside, onText, ...rest }: FieldProps) {
  const id = useId();
  const describes = [hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`]
    .filter((one) => one !== "")
    .join(" ");
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <div class="field-box">
        <input
          dir="auto"
          {...(rest as object)}
          id={id}
          aria-invalid={error === undefined ? undefined : "true"}
          aria-describedby={describes || undefined}
          onInput={(event) => onText(event.currentTarget.value)}
        />
        {aside}
      </div>
      {hint !== undefined && (
        <p class="quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

export function SearchBox({ label, onText, ...rest }: FieldProps) {
  return (
    <input
      class="search-box"
      dir="auto"
      type="search"
      autocomplete="off"
      spellcheck={false}
      {...(rest as object)}
      aria-label={label}
      placeholder={label}
      onInput={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.currentTarget.value === "") return rest.onKeyDown?.(event);
        event.preventDefault();
        event.stopPropagation();
        onText("");
      }}
    />
  );
}

export interface SelectProps<Value extends string | number> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChoose: (value: Value) => void;
}

export function Select<Value extends string | number>({ label, value, options, onChoose }: SelectProps<Value>) {
  const id = useId();
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <select
        id={id}
        class="select"
        value={value}
        onChange={(event) => {
          const chosen = options[event.currentTarget.selectedIndex];
          if (chosen !== undefined) onChoose(chosen[0]);
        }}
      >
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Switch({
  label,
  on,
  onChange,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  return (
    <label class="switch">
      <span>{label}</span>
      <input type="checkbox" role="switch" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
    </label>
  );
}
