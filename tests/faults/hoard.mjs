// People who bring files, send them, delete, forward and show them, without a pause; and what must be there of all that in the end.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

import { png } from "../interop/png.mjs";
import { attached, bring, bytesFor, json, remove } from "../interop/uploads.mjs";
import { KINDS } from "./kinds.mjs";

const RETRY_MS = 50;
const LARGEST = 300_000;
const PICTURES = 0.3;
/// How often each deed is done.
const DEEDS = { bring: 10, send: 8, remove: 1, delete: 4, forward: 2, show: 2, decorate: 1 };

/// One person at work.
export class Hoarder {
  /// What was brought and answered: `{ File, bytes, holds, shown, was, gone }`.
  files = [];
  /// What was said: `{ chat, Seq, files, deleted }`.
  messages = [];
  /// Uploads whose answer never came.
  lost = 0;
  #busy = true;

  /// `group` is one whose picture this person may change, if there is any.
  constructor({ server, member, person, group, chance }) {
    const tokens = { accessToken: person.access_token };
    Object.assign(this, { server, member, chance, group, person: { ...person, tokens }, chats: [...member.chats.values()] });
    this.done = this.#work();
  }

  stop() {
    this.#busy = false;
    return this.done;
  }

  async #work() {
    while (this.#busy) await this[this.chance.weighed(DEEDS)]();
  }

  /// Asks again and again until a server answers.
  async #answered(ask) {
    for (;;) {
      const answer = await ask().catch(() => undefined);
      if (answer && answer.status !== 503) return answer;
      await pause(RETRY_MS);
    }
  }

  async bring() {
    const { chance } = this;
    const isPicture = chance.happens(PICTURES);
    const bytes = isPicture ? png(1 + chance.below(200), 1 + chance.below(200)) : Buffer.from(`${randomUUID()} `.repeat(1 + chance.below(LARGEST / 37)));
    const answer = await bring(this.server, this.person, bytes, { name: `${this.files.length}` }).catch(() => undefined);
    if (!answer) {
      this.lost += 1;
      return pause(RETRY_MS);
    }
    if (answer.status === 503) return pause(RETRY_MS);
    assert.equal(answer.status, 200, answer.bytes.toString());
    this.files.push({ File: json(answer).File, bytes, isPicture, holds: 0, shown: 0, was: false, gone: false });
  }

  #pick(fits) {
    const some = this.files.filter((file) => !file.gone && fits(file));
    return some.length > 0 ? this.chance.pick(some) : undefined;
  }

  #said(chat, { Seq }, files) {
    for (const file of files) Object.assign(file, { holds: file.holds + 1, was: true });
    this.messages.push({ chat, Seq, files, deleted: false });
  }

  async send() {
    const files = [...new Set([this.#pick(() => true), this.#pick(({ was }) => !was)])].filter(Boolean);
    if (files.length === 0) return;
    const { id, kind } = this.chance.pick(this.chats);
    const { send, name } = KINDS[kind];
    const said = { ...name(id), Content: "", ClientId: randomUUID(), ...attached(...files.map(({ File }) => File)) };
    this.#said(id, await this.member.must(send, said), files);
  }

  async forward() {
    const some = this.messages.filter(({ deleted }) => !deleted);
    if (some.length === 0) return;
    const { chat, Seq, files } = this.chance.pick(some);
    const { id } = this.chance.pick(this.chats);
    this.#said(id, await this.member.must("forward-message", { ChatId: chat, Seq, To: id, ClientId: randomUUID() }), files);
  }

  async delete() {
    const some = this.messages.filter(({ deleted }) => !deleted);
    if (some.length === 0) return;
    const message = this.chance.pick(some);
    await this.member.must("delete-message", { ChatId: message.chat, Seq: message.Seq });
    message.deleted = true;
    for (const file of message.files) {
      file.holds -= 1;
      if (file.holds === 0 && file.shown === 0) file.gone = true;
    }
  }

  async remove() {
    const file = this.#pick(({ was, shown }) => !was && shown === 0);
    if (!file) return;
    const { status } = await this.#answered(() => remove(this.server, this.person, file.File));
    // The answer to the first request may have been lost.
    assert.ok([200, 404].includes(status), `${status}`);
    file.gone = true;
  }

  /// A picture of this person.
  async show() {
    const file = this.#pick(({ isPicture }) => isPicture);
    if (!file) return;
    await this.member.must("edit-profile", { Avatar: file.File.Id });
    this.#shows("own", file);
  }

  /// A picture of the group.
  async decorate() {
    const file = this.group && this.#pick(({ isPicture }) => isPicture);
    if (!file) return;
    await this.member.must("edit-group", { ChatId: this.group, Avatar: file.File.Id });
    this.#shows("groups", file);
  }

  /// One that is replaced and was never sent, or not any more, stays for as long as what nothing holds.
  #shows(where, file) {
    if (this[where] === file) return;
    if (this[where]) this[where].shown -= 1;
    Object.assign(file, { shown: file.shown + 1 });
    this[where] = file;
  }

  /// What messages and pictures hold.
  get held() {
    return this.files.filter(({ holds, shown }) => holds > 0 || shown > 0);
  }

  /// Everything is as it was answered: files that are there byte by byte, and no others.
  async isWhole() {
    for (const { File, bytes, gone, isPicture } of this.files) {
      const found = await bytesFor(this.server, this.person, File.Url);
      if (gone) assert.equal(found, undefined, `${File.Id} is gone`);
      else assert.ok(isPicture ? found?.length === File.Size : found?.equals(bytes), `${File.Id} is there: ${found?.length}`);
      if (File.ThumbnailUrl) assert.equal((await bytesFor(this.server, this.person, File.ThumbnailUrl)) === undefined, gone, `a thumbnail of ${File.Id}`);
    }
    const all = await this.member.everything();
    for (const { chat, Seq, files, deleted } of this.messages) {
      const stored = all.get(chat)[Seq - 1];
      assert.equal(stored?.Seq, Seq, `message ${Seq} of ${chat}`);
      const ids = (stored.Attachments ?? []).map(({ Id }) => Id);
      assert.deepEqual([stored.DeletedAt !== undefined, ids], [deleted, deleted ? [] : files.map(({ File }) => File.Id)], `message ${Seq} of ${chat}`);
    }
    return all;
  }

  /// No message points at nothing, whoever sent it.
  async sees(all) {
    for (const { Attachments = [] } of [...all.values()].flat()) {
      for (const { Id, Url, Size } of Attachments) assert.equal((await bytesFor(this.server, this.person, Url))?.length, Size, Id);
    }
  }
}
