//! The rules of messages, case by case.
use std::time::Duration;

use super::*;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A message at place 5.
pub(super) fn said(sender: UserId, sender_name: &str, sent_at: Timestamp) -> StoredMessage {
    StoredMessage {
        seq: Seq(5),
        id: MessageId::new(),
        sender,
        sender_name: sender_name.into(),
        content: "hello".into(),
        client_id: None,
        sent_at,
        rev: Rev(0),
        edited: None,
        deleted: None,
        reply_to: None,
        forwarded: false,
        mentions: Vec::new(),
        reactions: Vec::new(),
        pinned_at: None,
        attachments: Vec::new(),
    }
}

/// Ann owns a group that Bob joined when there were three messages. Cat is not in it.
struct Case {
    roster: Roster,
    rules: Rules,
    ann: UserId,
    bob: UserId,
    cat: UserId,
    message: StoredMessage,
    reactions: Vec<Reacted>,
    marks: Marks,
    pinned: usize,
    now: Timestamp,
}

impl Case {
    /// With a message of Ann's at place 5.
    fn new(kind: Kind) -> Self {
        let [ann, bob, cat] = [(); 3].map(|()| UserId::new());
        let member = |user, name, joined| Member::new(user, Name::new(name).unwrap(), Seq(joined));
        let members = vec![member(ann, "Ann", 0), member(bob, "Bob", 3)];
        let admin = (kind == Kind::Group).then_some(ann);
        let now = Timestamp::now();
        let message = said(ann, "Ann", now);
        let rules = Rules { reactions: 2, reactions_per_user: 2, pins: 1, ..Rules::default() };
        let roster = Roster { admin, ..Roster::new(kind, members) };
        let marks = Marks::default();
        Self { roster, rules, ann, bob, cat, message, reactions: Vec::new(), marks, pinned: 0, now }
    }

    fn at(&self, seq: i64, by: UserId, deed: MessageDeed) -> Result<Ruling, Code> {
        let Self { message, reactions, marks, pinned, .. } = self;
        let message = MessageBooks { message, reactions, marks, pinned: *pinned };
        let books = Books { roster: &self.roster, rules: &self.rules, newest: Seq(9), message: Some(message) };
        judge(&books, by, &Deed::Message(Seq(seq), deed), self.now).map_err(|refusal| refusal.code)
    }

    fn by(&self, by: UserId, deed: MessageDeed) -> Result<Ruling, Code> {
        self.at(5, by, deed)
    }

    fn code(&self, by: UserId, deed: MessageDeed) -> Option<Code> {
        self.by(by, deed).err()
    }
}

fn edit(content: &str) -> MessageDeed {
    let content = Content::allowing_nothing(content, 100).unwrap();
    MessageDeed::Edit { content, mentions: Vec::new(), if_edits: None }
}

fn thumb(on: bool) -> MessageDeed {
    MessageDeed::React(Emoji::stored("👍"), on)
}

fn all_deeds() -> [MessageDeed; 9] {
    use MessageDeed::{Delete, Hide, Pin, Star};
    [edit("new"), Delete, Hide, thumb(true), thumb(false), Pin(true), Pin(false), Star(true), Star(false)]
}

#[test]
fn nobody_does_anything_with_what_they_do_not_see() {
    let case = Case::new(Kind::Personal);
    for deed in all_deeds() {
        assert_eq!(case.code(case.cat, deed.clone()), Some(Code::NotFound), "an outsider: {deed:?}");
        for seq in [0, 2, 3, 10] {
            assert_eq!(case.at(seq, case.bob, deed.clone()).err(), Some(Code::NotFound), "at {seq}: {deed:?}");
        }
    }
}

#[test]
fn each_may_do_what_is_theirs_to_do() {
    use Code::{Conflict, Expired, Forbidden};
    // Of the owner's message: what the owner gets for each deed, and what the other member gets.
    let fresh = Case::new(Kind::Group);
    let late = Case { now: fresh.now.plus(HOUR * 48), ..Case::new(Kind::Group) };
    let mut gone = Case::new(Kind::Group);
    gone.message.erase(gone.now, gone.ann);
    let mut copied = Case::new(Kind::Group);
    copied.message.forwarded = true;
    let no = Some(Forbidden);
    type Codes = [Option<Code>; 9];
    let table: [(&str, &Case, Codes, Codes); 4] = [
        ("fresh", &fresh, [None; 9], [no, no, None, None, None, no, no, None, None]),
        (
            "late",
            &late,
            [Some(Expired), None, None, None, None, None, None, None, None],
            [no, no, None, None, None, no, no, None, None],
        ),
        (
            "gone",
            &gone,
            [Some(Conflict), None, None, Some(Conflict), None, Some(Conflict), None, Some(Conflict), None],
            [no, no, None, Some(Conflict), None, no, no, Some(Conflict), None],
        ),
        (
            "copied",
            &copied,
            [no, None, None, None, None, None, None, None, None],
            [no, no, None, None, None, no, no, None, None],
        ),
    ];
    for (state, case, owner, member) in table {
        let codes = |by| all_deeds().map(|deed| case.code(by, deed));
        assert_eq!((codes(case.ann), codes(case.bob)), (owner, member), "{state}");
    }
}

#[test]
fn a_sender_without_a_role_has_a_window_and_notes_have_none() {
    let mut case = Case::new(Kind::Group);
    case.message.sender = case.bob;
    assert_eq!((case.code(case.bob, edit("new")), case.code(case.bob, MessageDeed::Delete)), (None, None));
    case.now = case.now.plus(HOUR * 48);
    let late = Some(Code::Expired);
    assert_eq!((case.code(case.bob, edit("new")), case.code(case.bob, MessageDeed::Delete)), (late, late));
    assert_eq!(case.by(case.bob, edit("hello")), Ok(Ruling::Already), "it says so already");
    case.roster.kind = Kind::SelfNotes;
    assert_eq!((case.code(case.bob, edit("new")), case.code(case.bob, MessageDeed::Delete)), (None, None));
}

#[test]
fn a_repeat_changes_nothing() {
    let mut case = Case::new(Kind::Personal);
    for deed in all_deeds() {
        let Ok(Ruling::Message { effect, .. }) = case.by(case.ann, deed.clone()) else { continue };
        case.message.apply(&effect, case.ann, case.now, &mut case.reactions);
        case.marks.apply(&effect, case.now);
        assert_eq!(case.by(case.ann, deed.clone()), Ok(Ruling::Already), "{deed:?}");
        case = Case::new(Kind::Personal);
    }
}

#[test]
fn counts_are_asked_last() {
    let mut case = Case { pinned: 1, ..Case::new(Kind::Personal) };
    assert_eq!(case.code(case.bob, MessageDeed::Pin(true)), Some(Code::TooLarge));
    for (text, expected) in [("❤", None), ("🎉", None), ("👍", Some(Code::TooLarge)), ("❤\u{fe0f}", None)] {
        let deed = MessageDeed::React(Emoji::stored(text), true);
        let ruling = case.by(case.bob, deed);
        assert_eq!(ruling.as_ref().err().copied(), expected, "{text}");
        if let Ok(Ruling::Message { effect, .. }) = ruling {
            case.message.apply(&effect, case.bob, case.now, &mut case.reactions);
            case.marks.apply(&effect, case.now);
        }
    }
    case.message.erase(case.now, case.ann);
    assert_eq!(case.code(case.bob, thumb(true)), Some(Code::Conflict), "its state comes first");
}

#[test]
fn an_edit_meets_only_the_version_it_means() {
    let mut case = Case::new(Kind::Personal);
    case.message.edited = Some((case.now, 2));
    let meant = |if_edits| {
        let content = Content::new("new", 10).unwrap();
        MessageDeed::Edit { content, mentions: Vec::new(), if_edits: Some(if_edits) }
    };
    assert_eq!(case.code(case.ann, meant(1)), Some(Code::Conflict));
    let Ok(Ruling::Message { effect: Effect::Edited { edits, .. }, .. }) = case.by(case.ann, meant(2)) else {
        panic!()
    };
    assert_eq!(edits, 3);
    case.message.content = "new".into();
    assert_eq!(case.by(case.ann, meant(1)), Ok(Ruling::Already));
}

#[test]
fn those_are_mentioned_who_are_there() {
    let case = Case::new(Kind::Group);
    let all = |kind| {
        let roster = Roster { kind, ..case.roster.clone() };
        let nobody = Mention::Nobody("x".into());
        let [ann, bob, cat] = [case.ann, case.bob, case.cat].map(Mention::User);
        let wanted = [bob.clone(), nobody.clone(), ann, Mention::All, cat.clone(), bob.clone()];
        let books = Books { roster: &roster, rules: &case.rules, newest: Seq(9), message: None };
        let deed = Deed::Say { reply_to: None, mentions: wanted.to_vec(), lacks_files: false };
        let Ok(Ruling::Said { mentions, not_mentioned }) = judge(&books, case.ann, &deed, case.now) else { panic!() };
        (mentions, not_mentioned, bob, cat, nobody)
    };
    let (mentioned, not, bob, cat, nobody) = all(Kind::Group);
    assert_eq!((mentioned, not), (vec![bob, Mention::All], vec![nobody, cat]));
    let (mentioned, not, bob, cat, nobody) = all(Kind::Personal);
    assert_eq!((mentioned, not), (vec![bob], vec![nobody, Mention::All, cat]));
}

#[test]
fn an_answer_needs_something_to_answer() {
    let mut case = Case::new(Kind::Personal);
    let answer = |case: &Case, seq| {
        let message = MessageBooks { message: &case.message, reactions: &[], marks: &case.marks, pinned: 0 };
        let books = Books { roster: &case.roster, rules: &case.rules, newest: Seq(9), message: Some(message) };
        let deed = Deed::Say { reply_to: Some(Seq(seq)), mentions: Vec::new(), lacks_files: false };
        judge(&books, case.bob, &deed, case.now).err().map(|refusal| refusal.code)
    };
    assert_eq!(
        [5, 3, 6, 10].map(|seq| answer(&case, seq)),
        [None, Some(Code::NotFound), Some(Code::NotFound), Some(Code::NotFound)]
    );
    case.marks = Marks { own: Own(1), hidden: true, ..Marks::default() };
    assert_eq!(answer(&case, 5), None, "what is hidden can be answered");
    case.message.erase(case.now, case.ann);
    assert_eq!(answer(&case, 5), Some(Code::Conflict));
}
