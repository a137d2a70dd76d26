/** What one says of oneself. */
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Field, Select } from "../../look/Field.tsx";
import type { ProfileChange } from "../../model/intent.ts";
import type { Profile as Said } from "../../model/model.ts";
import { statusOf } from "../../model/people.ts";
import { useForm } from "../account/form.tsx";
import { reasonOf, useApp, useWords } from "../context.ts";
import { Choice } from "../picture/Choice.tsx";
import { Region } from "./Region.tsx";

const LONGEST = { name: 64, bio: 512, status: 128 };
const HOUR = 3_600_000;

export function Profile() {
  const app = useApp();
  const words = useWords();
  const [email, setEmail] = useState<string>();
  const { me, current, profiles } = app.model.value;
  const profile = me === undefined ? undefined : profiles[me.id];
  useEffect(() => {
    void app.want({ want: "account" }).then((outcome) => outcome.ok && setEmail(outcome.gift.email));
  }, [app]);
  useEffect(() => {
    if (current && me !== undefined) void app.want({ want: "profiles", users: [me.id] });
  }, [app, me?.id, current]);
  const choose = async (picture: string | null) => {
    const outcome = await app.want({ want: "editProfile", change: { picture } });
    if (!outcome.ok) app.tell(reasonOf(words, outcome.refusal));
  };
  return (
    <Region title={words.profile}>
      <div class="member">
        <span class="member-name">
          <bdi>{me?.name}</bdi>
          <span class="quiet">{email}</span>
        </span>
      </div>
      {profile !== undefined && (
        <Choice
          id={profile.id}
          name={profile.name}
          picture={profile.picture}
          onChosen={(picture) => void choose(picture)}
        />
      )}
      {profile !== undefined && <Edit profile={profile} />}
    </Region>
  );
}

type Until = "kept" | "never" | "hour" | "day";

function Edit({ profile }: { readonly profile: Said }) {
  const app = useApp();
  const words = useWords();
  const { say } = app.speech.value;
  const before = statusOf(profile, Date.now()) ?? "";
  const [name, setName] = useState(profile.name);
  const [bio, setBio] = useState(profile.bio ?? "");
  const [status, setStatus] = useState(before);
  const ends = before === "" ? undefined : profile.statusUntil;
  const [until, setUntil] = useState<Until>(ends === undefined ? "never" : "kept");
  const [isSaved, setSaved] = useState(false);
  const { errors, isBusy, form, submit } = useForm(async () => {
    setSaved(false);
    const tooLong = (text: string, most: number, label: string) =>
      [...text].length > most ? words.isTooLong(label, most) : undefined;
    const wrong = {
      name: name.trim() === "" ? words.isNeeded(words.name) : tooLong(name.trim(), LONGEST.name, words.name),
      bio: tooLong(bio, LONGEST.bio, words.aboutMe),
      status: tooLong(status, LONGEST.status, words.status),
    };
    if (Object.values(wrong).some((one) => one !== undefined)) return wrong;
    const change: ProfileChange = {
      ...(name.trim() === profile.name ? {} : { name: name.trim() }),
      bio: bio.trim(),
      status: status.trim(),
      ...(until === "kept" ? {} : { statusUntil: endOf(until) }),
    };
    const outcome = await app.want({ want: "editProfile", change });
    if (!outcome.ok) return { all: reasonOf(words, outcome.refusal) };
    setSaved(true);
    return undefined;
  });
  const kept = ends === undefined ? [] : [["kept", say.when(ends, app.today.value)] as const];
  const times: readonly (readonly [Until, string])[] = [
    ...kept,
    ["never", words.never],
    ["hour", words.hour],
    ["day", words.day],
  ];
  return (
    <>
      {errors["all"] !== undefined && (
        <p class="alert" role="alert">
          {errors["all"]}
        </p>
      )}
      <form class="form" ref={form} noValidate onSubmit={submit}>
        <Field label={words.name} value={name} error={errors["name"]} onText={setName} autocomplete="name" />
        <Field label={words.aboutMe} value={bio} error={errors["bio"]} onText={setBio} />
        <Field label={words.status} value={status} error={errors["status"]} onText={setStatus} />
        <Select label={words.statusEnds} value={until} options={times} onChoose={setUntil} />
        <Button submits aria-disabled={isBusy}>
          {words.save}
        </Button>
      </form>
      <p role="status">{isSaved ? words.profileSaved : ""}</p>
    </>
  );
}

function endOf(until: Exclude<Until, "kept">): string | null {
  if (until === "never") return null;
  return new Date(Date.now() + (until === "hour" ? HOUR : 24 * HOUR)).toISOString();
}
