/** One line of a conversation. Draws itself anew only when what it shows has changed. */
import { Component } from "preact";
import { Icon, type IconName } from "../../look/Icon.tsx";
import { Portrait } from "../../look/Mark.tsx";
import type { Upload } from "../../model/attachment.ts";
import type { Message } from "../../model/model.ts";
import { isOnlyEmoji } from "../../model/text.ts";
import type { Say } from "../../words/say.ts";
import type { Words } from "../../words/en.ts";
import type { LineActs } from "./acts.ts";
import { Attachments } from "./Attachments.tsx";
import { Marks } from "./Marks.tsx";
import { Text } from "./Text.tsx";
import { Uploading } from "./Uploading.tsx";

/** What stands at the end of one's own line. */
export interface Standing {
  readonly icon: IconName;
  readonly label: string;
}

export interface LineProps {
  /** The id in the page: `m-{Seq}`, or `o-{ClientId}` while it is not stored. */
  readonly id: string;
  readonly seq: number;
  readonly sender: string;
  /** The picture of whoever speaks, in groups. */
  readonly picture: string | undefined;
  readonly isOwn: boolean;
  readonly isFirst: boolean;
  readonly text: string;
  readonly at: string;
  /** Whom it mentions, a name a line. */
  readonly names: string;
  /** Of somebody whom one blocked: it is folded. */
  readonly isBlocked: boolean;
  readonly message: Message | undefined;
  /** What it answers, as far as it is known here. */
  readonly quoted: Message | undefined;
  /** What it is to hold, while it waits. */
  readonly uploads: readonly Upload[] | undefined;
  readonly standingIcon: IconName | undefined;
  readonly standingLabel: string | undefined;
  /** Why it was not sent. */
  readonly refused: string | undefined;
  readonly clientId: string | undefined;
  readonly isCurrent: boolean;
  readonly isActive: boolean;
  readonly me: string;
  readonly words: Words;
  readonly say: Say;
  readonly act: LineActs;
}

export class Line extends Component<LineProps, { readonly isShown: boolean }> {
  override state = { isShown: false };

  override shouldComponentUpdate(next: LineProps, { isShown }: { readonly isShown: boolean }): boolean {
    if (isShown !== this.state.isShown) return true;
    return (Object.keys(next) as (keyof LineProps)[]).some(
      (name) => name !== ("children" as string) && next[name] !== this.props[name],
    );
  }

  override render() {
    const { id, seq, sender, isOwn, isFirst, text, at, message, isCurrent, isActive, words, say, act } = this.props;
    const who = isOwn ? words.you : sender;
    const time = say.time(at);
    const isDeleted = message?.deletedAt !== undefined;
    const marks = { quoted: this.props.quoted, isActive, me: this.props.me, words, act };
    const classes = ["line", isOwn ? "line-own" : "", isFirst ? "line-first" : "", isCurrent ? "line-current" : ""];
    return (
      <article
        id={id}
        class={classes.filter((name) => name !== "").join(" ")}
        data-line
        data-seq={seq > 0 ? seq : undefined}
        aria-label={words.byAt(who, time)}
        aria-current={isCurrent ? "true" : undefined}
        tabIndex={isActive ? 0 : -1}
        onFocus={() => act.activate(id)}
      >
        {isFirst && (
          <header class="line-speaker" dir="auto" aria-hidden="true">
            {this.props.picture !== undefined && <Portrait name={who} id={sender} picture={this.props.picture} />}
            {who}
          </header>
        )}
        <div class="line-body">
          {isDeleted ? (
            <p class="line-gone quiet">{words.wasDeleted}</p>
          ) : this.props.isBlocked && !this.state.isShown ? (
            this.#folded()
          ) : (
            <>
              {message !== undefined && <Marks at="above" {...marks} message={message} />}
              {text !== "" && (
                <div class={isOnlyEmoji(text) ? "line-text line-emoji" : "line-text"} dir="auto">
                  <Text text={text} names={this.props.names} isActive={isActive} showAll={words.showAll} />
                </div>
              )}
              {this.props.uploads !== undefined && <Uploading uploads={this.props.uploads} say={say} />}
              {message?.attachments !== undefined && (
                <Attachments
                  seq={seq}
                  files={message.attachments}
                  isActive={isActive}
                  words={words}
                  say={say}
                  act={act}
                />
              )}
              {message !== undefined && <Marks at="below" {...marks} message={message} />}
            </>
          )}
        </div>
        <div class="line-side">
          {message?.editedAt !== undefined && !isDeleted && <span class="quiet">{words.edited}</span>}
          <time class="quiet" dateTime={at} title={say.full(at)}>
            {time}
          </time>
          {isOwn && !isDeleted && this.#standing()}
        </div>
        {seq > 0 && (
          <button
            type="button"
            class="icon-button line-actions"
            aria-label={words.messageActions}
            aria-haspopup="menu"
            title={words.messageActions}
            tabIndex={-1}
            onClick={(event) => act.menu(id, event.currentTarget)}
          >
            <Icon name="more" />
          </button>
        )}
        {this.#refused()}
      </article>
    );
  }

  #folded() {
    const { words, isActive, id } = this.props;
    const show = () => {
      this.setState({ isShown: true });
      document.getElementById(id)?.focus();
    };
    return (
      <button type="button" class="button button-link" tabIndex={isActive ? 0 : -1} onClick={show}>
        {words.showBlocked}
      </button>
    );
  }

  #standing() {
    const { standingIcon, standingLabel } = this.props;
    if (standingIcon === undefined || standingLabel === undefined) return null;
    return (
      <span class={`standing standing-${standingIcon}`} role="img" aria-label={standingLabel} title={standingLabel}>
        <Icon name={standingIcon} />
      </span>
    );
  }

  #refused() {
    const { refused, clientId, words, act, isActive } = this.props;
    if (refused === undefined || clientId === undefined) return null;
    const stop = isActive ? 0 : -1;
    return (
      <div class="line-refused">
        <span>{words.notSentBecause(refused)}</span>
        <button type="button" class="button button-link" tabIndex={stop} onClick={() => act.again(clientId)}>
          {words.tryAgain}
        </button>
        <button type="button" class="button button-link" tabIndex={stop} onClick={() => act.discard(clientId)}>
          {words.discard}
        </button>
      </div>
    );
  }
}
