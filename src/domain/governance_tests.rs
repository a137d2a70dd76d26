//! The rules of groups, case by case: each role, whom it meets, and what comes of it.
use std::time::Duration;

use super::{tests::said, *};

const MINUTE: Duration = Duration::from_secs(60);

/// Ann owns a group, Bob and Ben moderate it, Cat and Cem are members, and Eve is none.
struct Case {
    roster: Roster,
    rules: Rules,
    now: Timestamp,
    ann: UserId,
    bob: UserId,
    ben: UserId,
    cat: UserId,
    cem: UserId,
    eve: UserId,
}

impl Case {
    fn new() -> Self {
        let [ann, bob, ben, cat, cem, eve] = [(); 6].map(|()| UserId::new());
        let member = |user, name, role| Member { role, ..Member::new(user, Name::new(name).unwrap(), Seq(0)) };
        let members = vec![
            member(ann, "Ann", Role::Member),
            member(bob, "Bob", Role::Moderator),
            member(ben, "Ben", Role::Moderator),
            member(cat, "Cat", Role::Member),
            member(cem, "Cem", Role::Member),
        ];
        let name = Some(Name::new("Band").unwrap());
        let roster = Roster { name, admin: Some(ann), ..Roster::new(Kind::Group, members) };
        let rules = Rules { bans: 1, group_members: 6, ..Rules::default() };
        Self { roster, rules, now: Timestamp::now(), ann, bob, ben, cat, cem, eve }
    }

    fn judge(&self, by: UserId, deed: &Deed) -> Result<Ruling, Code> {
        let books = Books { roster: &self.roster, rules: &self.rules, newest: Seq(5), message: None };
        judge(&books, by, deed, self.now).map_err(|refusal| refusal.code)
    }

    /// Makes it true, if it is allowed.
    fn make(&mut self, by: UserId, deed: &Deed) {
        let Ok(Ruling::Group(change)) = self.judge(by, deed) else { panic!("{deed:?}: {:?}", self.judge(by, deed)) };
        let rev = self.roster.rev.next();
        self.roster.apply(&change, Seq(5), rev);
    }

    fn named(&self, name: &str) -> Option<Newcomer> {
        Some(Newcomer { user: self.eve, name: Name::new(name).unwrap(), is_willing: true })
    }
}

/// What came of it, in short: `None` is a change.
fn short(ruling: Result<Ruling, Code>) -> Option<Code> {
    ruling.err()
}

fn edit(change: impl FnOnce(&mut GroupEdit)) -> Deed {
    let mut edit = GroupEdit::default();
    change(&mut edit);
    Deed::Edit(Box::new(edit))
}

fn say() -> Deed {
    Deed::Say { reply_to: None, mentions: Vec::new(), lacks_files: false }
}

#[test]
fn each_role_does_to_each_other_what_it_may() {
    use Code::{Conflict, Forbidden, NotAdmin, NotFound, NotMember};
    let case = Case::new();
    let Case { ann, bob, ben, cat, cem, eve, .. } = case;
    let set = |user| Deed::SetRole(user, Role::Moderator);
    let unset = |user| Deed::SetRole(user, Role::Member);
    let mute = |user| Deed::Mute(user, MINUTE);
    type Of = fn(Option<UserId>) -> Deed;
    let (kick, ban, hand_over): (Of, Of, Of) = (Deed::Kick, Deed::Ban, Deed::ChangeAdmin);
    // What comes of it when it is done to: the owner, oneself, a moderator, a member, somebody else, nobody.
    type Row = [Option<Code>; 6];
    let table = |by: UserId, deed: &dyn Fn(Option<UserId>) -> Deed, moderator: UserId, member: UserId| -> Row {
        let whom = [Some(ann), Some(by), Some(moderator), Some(member), Some(eve), None];
        whom.map(|whom| short(case.judge(by, &deed(whom))))
    };
    let conflict = Some(Conflict);
    let no = Some(Forbidden);
    let not_admin = Some(NotAdmin);
    let gone = Some(NotFound);
    let not_member = Some(NotMember);
    let by_owner = |deed: &dyn Fn(Option<UserId>) -> Deed| table(ann, deed, bob, cat);
    assert_eq!(by_owner(&set), [conflict, conflict, None, None, not_member, gone], "a role set by the owner");
    assert_eq!(by_owner(&unset), [conflict, conflict, None, None, not_member, gone]);
    assert_eq!(by_owner(&mute), [conflict, conflict, None, None, not_member, gone]);
    assert_eq!(by_owner(&kick), [conflict, conflict, None, None, not_member, gone]);
    assert_eq!(by_owner(&ban), [conflict, conflict, None, None, None, gone]);
    assert_eq!(by_owner(&hand_over), [conflict, conflict, None, None, not_member, gone]);
    let by_moderator = |deed: &dyn Fn(Option<UserId>) -> Deed| table(bob, deed, ben, cat);
    assert_eq!(by_moderator(&set), [no; 6], "a role set by a moderator");
    assert_eq!(by_moderator(&mute), [no, conflict, no, None, not_member, gone]);
    assert_eq!(by_moderator(&kick), [not_admin, conflict, not_admin, None, not_member, gone]);
    assert_eq!(by_moderator(&ban), [no, conflict, no, None, None, gone]);
    assert_eq!(by_moderator(&hand_over), [not_admin; 6]);
    let by_member = |deed: &dyn Fn(Option<UserId>) -> Deed| table(cat, deed, bob, cem);
    for deed in [&set as &dyn Fn(Option<UserId>) -> Deed, &unset, &mute, &ban] {
        assert_eq!(by_member(deed), [no; 6], "by a member");
    }
    assert_eq!(by_member(&kick), [not_admin; 6]);
    assert_eq!(by_member(&hand_over), [not_admin; 6]);
    for deed in [&set as &dyn Fn(Option<UserId>) -> Deed, &mute, &kick, &ban, &hand_over] {
        assert_eq!(table(eve, deed, bob, cat), [gone; 6], "by an outsider");
    }
}

#[test]
fn what_is_so_already_is_no_change() {
    let mut case = Case::new();
    let Case { ann, bob, cat, .. } = case;
    assert_eq!(case.judge(ann, &Deed::SetRole(Some(bob), Role::Moderator)), Ok(Ruling::Already));
    assert_eq!(case.judge(ann, &Deed::Mute(Some(cat), Duration::ZERO)), Ok(Ruling::Already));
    assert_eq!(case.judge(ann, &Deed::Unban(Some(cat))), Ok(Ruling::Already));
    assert_eq!(case.judge(ann, &Deed::Unban(None)), Ok(Ruling::Already));
    case.make(ann, &Deed::Mute(Some(cat), MINUTE));
    assert!(matches!(case.judge(ann, &Deed::Mute(Some(cat), MINUTE)), Ok(Ruling::Group(_))), "a longer silence");
    let same = edit(|edit| edit.name = Some(Name::new("Band").unwrap()));
    assert_eq!(case.judge(ann, &same), Ok(Ruling::Already));
}

#[test]
fn who_may_edit_what() {
    let mut case = Case::new();
    let Case { ann, bob, cat, .. } = case;
    let renamed = edit(|edit| edit.name = Some(Name::new("Choir").unwrap()));
    let settings = edit(|edit| edit.who_edits = Some(Role::Member));
    let both = edit(|edit| {
        edit.name = Some(Name::new("Choir").unwrap());
        edit.slow_mode = Some(MINUTE);
    });
    assert_eq!(short(case.judge(cat, &renamed)), Some(Code::Forbidden));
    assert_eq!(short(case.judge(bob, &renamed)), None);
    assert_eq!(short(case.judge(bob, &settings)), Some(Code::Forbidden));
    assert_eq!(short(case.judge(bob, &both)), Some(Code::Forbidden), "not even the part that is allowed");
    case.make(ann, &settings);
    assert_eq!(short(case.judge(cat, &renamed)), None);
    let rev = case.roster.rev;
    case.make(ann, &both);
    assert_eq!((case.roster.info_rev, case.roster.roster_rev), (rev.next(), Rev(0)), "members are as they were");
    assert_eq!(case.roster.name.as_ref().unwrap().as_str(), "Choir");
}

#[test]
fn who_may_say_something() {
    let mut case = Case::new();
    let Case { ann, bob, cat, cem, .. } = case;
    case.make(bob, &Deed::Mute(Some(cat), MINUTE));
    assert_eq!(short(case.judge(cat, &say())), Some(Code::Muted));
    assert_eq!(case.roster.may_type(cat, case.now).unwrap_err().retry_after, Some(60));
    case.now = case.now.plus(MINUTE);
    assert_eq!(short(case.judge(cat, &say())), None, "silence ends by the clock");
    case.make(ann, &edit(|edit| edit.who_posts = Some(Role::Moderator)));
    assert_eq!(short(case.judge(cem, &say())), Some(Code::Forbidden));
    assert_eq!(short(case.judge(bob, &say())), None);
    case.make(ann, &edit(|edit| (edit.who_posts, edit.slow_mode) = (Some(Role::Member), Some(MINUTE))));
    for user in [bob, cem] {
        case.roster.note_sent(user, Some(case.now));
    }
    assert_eq!(short(case.judge(cem, &say())), Some(Code::SlowMode));
    assert_eq!(short(case.judge(bob, &say())), None, "it holds for members alone");
    case.now = case.now.plus(MINUTE);
    assert_eq!(short(case.judge(cem, &say())), None);
}

#[test]
fn whoever_is_banned_stays_out_until_that_is_lifted() {
    let mut case = Case::new();
    let Case { ann, cat, eve, .. } = case;
    case.make(ann, &Deed::Ban(Some(eve)));
    assert_eq!(case.roster.rev, Rev(0), "nobody hears of an outsider");
    assert_eq!(short(case.judge(ann, &Deed::Add(case.named("Eve")))), Some(Code::Conflict));
    assert_eq!(case.judge(ann, &Deed::Ban(Some(eve))), Ok(Ruling::Already), "before it is counted");
    assert_eq!(short(case.judge(ann, &Deed::Ban(Some(cat)))), Some(Code::TooLarge));
    case.make(ann, &Deed::Unban(Some(eve)));
    case.make(ann, &Deed::Ban(Some(cat)));
    assert!(!case.roster.has(cat));
    assert_eq!(short(case.judge(ann, &Deed::Add(case.named("Eve")))), None);
}

#[test]
fn the_old_owner_becomes_a_member_and_nobody_silences_the_new_one() {
    let mut case = Case::new();
    let Case { ann, bob, .. } = case;
    case.make(ann, &Deed::Mute(Some(bob), MINUTE));
    case.make(ann, &Deed::ChangeAdmin(Some(bob)));
    assert_eq!((case.roster.role(ann), case.roster.role(bob)), (Role::Member, Role::Owner));
    assert_eq!(short(case.judge(bob, &say())), None);
    case.make(bob, &Deed::ChangeAdmin(Some(ann)));
    assert_eq!(case.roster.role(bob), Role::Member, "and is no moderator any more");
}

#[test]
fn who_may_take_somebody_in_is_for_the_group_to_say() {
    let mut case = Case::new();
    let Case { ann, bob, cat, .. } = case;
    let add = Deed::Add(case.named("Eve"));
    assert_eq!([bob, cat].map(|by| short(case.judge(by, &add))), [Some(Code::NotAdmin); 2]);
    case.make(ann, &edit(|edit| edit.who_adds = Some(Role::Moderator)));
    assert_eq!([bob, cat].map(|by| short(case.judge(by, &add))), [None, Some(Code::NotAdmin)]);
    case.make(ann, &edit(|edit| (edit.who_adds, edit.open_history) = (Some(Role::Member), Some(true))));
    case.make(cat, &add);
    assert_eq!(case.roster.member(case.eve).unwrap().first(&case.rules), Seq(1));
}

/// A message of Cat's at place 5, and what comes of each deed there: what is said, and what is changed.
fn outcomes(case: &Case, by: UserId) -> [Option<Code>; 8] {
    use MessageDeed::{Delete, Edit, Hide, Pin, React, Star};
    let message = said(case.cat, "Cat", case.now);
    let marks = Marks::default();
    let known = MessageBooks { message: &message, reactions: &[], marks: &marks, pinned: 0 };
    let books = Books { roster: &case.roster, rules: &case.rules, newest: Seq(5), message: Some(known) };
    let content = Content::new("new", 100).unwrap();
    let deeds = [
        Edit { content, mentions: Vec::new(), if_edits: None },
        React(Emoji::stored("👍"), true),
        Pin(true),
        Delete,
        Star(true),
        Hide,
    ];
    let code = |deed: &Deed| judge(&books, by, deed, case.now).err().map(|refusal| refusal.code);
    let typed = case.roster.may_type(by, case.now).err().map(|refusal| refusal.code);
    let [edited, reacted, pinned, deleted, starred, hidden] = deeds.map(|deed| code(&Deed::Message(Seq(5), deed)));
    [code(&say()), typed, edited, reacted, pinned, deleted, starred, hidden]
}

#[test]
fn in_each_state_each_role_does_what_it_may() {
    use Code::{Forbidden, Muted, NotFound, SlowMode};
    let (no, muted, slow, gone) = (Some(Forbidden), Some(Muted), Some(SlowMode), Some(NotFound));
    // What comes of saying, typing, editing, reacting, pinning, deleting, starring and hiding: for the owner, a moderator, the
    // member whose message it is, another member, and an outsider.
    type Row = [Option<Code>; 8];
    type State = fn(&mut Case);
    let mute_all: State = |case| {
        for user in [case.ann, case.bob, case.cat, case.cem] {
            case.roster.place(user).unwrap().muted_until = Some(case.now.plus(MINUTE));
        }
    };
    let announce: State = |case| case.make(case.ann, &edit(|edit| edit.who_posts = Some(Role::Moderator)));
    let slow_down: State = |case| {
        case.make(case.ann, &edit(|edit| edit.slow_mode = Some(MINUTE)));
        for user in [case.ann, case.bob, case.cat, case.cem] {
            case.roster.note_sent(user, Some(case.now));
        }
    };
    let open_pins: State = |case| case.make(case.ann, &edit(|edit| edit.who_pins = Some(Role::Member)));
    let both: State = |case| {
        case.make(case.ann, &edit(|edit| edit.who_posts = Some(Role::Owner)));
        case.roster.place(case.bob).unwrap().muted_until = Some(case.now.plus(MINUTE));
    };
    let above = [None, None, no, None, None, None, None, None];
    let own = [None, None, None, None, no, None, None, None];
    let other = [None, None, no, None, no, no, None, None];
    let out = [gone; 8];
    let silent = |row: Row| [muted, muted, muted, muted, if row[4] == no { no } else { muted }, row[5], None, None];
    let unheard = |row: Row| [no, no, row[2], row[3], row[4], row[5], None, None];
    let patient = |row: Row| [slow, None, row[2], row[3], row[4], row[5], None, None];
    let pins = |row: Row| [row[0], row[1], row[2], row[3], None, row[5], None, None];
    let table: [(&str, State, [Row; 5]); 6] = [
        ("plain", |_| {}, [above, above, own, other, out]),
        ("muted", mute_all, [silent(above), silent(above), silent(own), silent(other), out]),
        ("announcements", announce, [above, above, unheard(own), unheard(other), out]),
        ("slow", slow_down, [above, above, patient(own), patient(other), out]),
        ("pins", open_pins, [above, above, pins(own), pins(other), out]),
        (
            "what a role forbids comes before silence",
            both,
            [above, [no, no, muted, muted, muted, None, None, None], unheard(own), unheard(other), out],
        ),
    ];
    for (what, state, rows) in table {
        let mut case = Case::new();
        state(&mut case);
        let Case { ann, bob, cat, cem, eve, .. } = case;
        for (user, expected) in [ann, bob, cat, cem, eve].into_iter().zip(rows) {
            assert_eq!(outcomes(&case, user), expected, "{what}: {:?}", case.roster.name_of(user));
        }
    }
}
