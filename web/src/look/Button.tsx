/** Buttons: with a text, or with a drawing and a name. */
import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

type Rest = Omit<JSX.IntrinsicElements["button"], "icon" | "children" | "type">;

export interface ButtonProps extends Rest {
  readonly kind?: "main" | "plain" | "danger" | "link";
  readonly submits?: boolean;
  readonly children: ComponentChildren;
}

export function Button({ kind = "plain", submits = false, children, ...rest }: ButtonProps) {
  return (
    <button type={submits ? "submit" : "button"} {...rest} class={`button button-${kind} ${rest.class ?? ""}`}>
      {children}
    </button>
  );
}

export interface IconButtonProps extends Rest {
  readonly icon: IconName;
  readonly label: string;
  /** Arrows turn with the direction of the script. */
  readonly turns?: boolean;
}

export function IconButton({ icon, label, turns = false, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      class={`icon-button ${turns ? "icon-turns" : ""} ${rest.class ?? ""}`}
    >
      <Icon name={icon} />
    </button>
  );
}
