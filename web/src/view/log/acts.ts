/** What can be done at a line. One object for all lines, so that they stay equal. */
export interface LineActs {
  menu(id: string, button: HTMLElement): void;
  activate(id: string): void;
  again(clientId: string): void;
  discard(clientId: string): void;
  react(seq: number, emoji: string, on: boolean): void;
  jump(seq: number): void;
  /** Shows a picture alone. */
  view(file: string): void;
  /** A picture of a message has been shown. */
  saw(seq: number, path: string): void;
}
