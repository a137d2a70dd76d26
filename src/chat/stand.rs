//! Where a chat stands among the steps that all nodes make there, and what comes next. Pure.
use std::collections::VecDeque;

use crate::{
    domain::{ChatNews, Step},
    writer::{Stepped, Verdict},
};

/// What comes to a chat of several nodes, in its order.
pub(super) enum Coming {
    /// What another node did.
    News(ChatNews),
    /// What became of decisions of its own.
    Verdicts(Vec<Verdict>, Stepped),
}

impl Coming {
    /// What another node did, if it is that.
    pub(super) fn news(&self) -> Option<&ChatNews> {
        if let Self::News(news) = self { Some(news) } else { None }
    }

    pub(super) fn step(&self) -> Step {
        match self {
            Self::News(news) => news.step,
            Self::Verdicts(_, stepped) => stepped.step,
        }
    }
}

/// Where a ledger stands among the steps of its chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand {
    /// What was told last.
    pub step: Step,
    /// Nothing was heard since it was loaded: some of what it was loaded with may come yet.
    pub is_new: bool,
}

/// What is to be done with what comes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing has come.
    Rest,
    /// More of what the ledger was loaded with must come first.
    Wait,
    /// The next is told already.
    Skip,
    /// So many are to be told; the ledger was loaded with them, and goes back before them.
    Back(usize),
    /// The next is to be told.
    Next,
    /// Something is missing.
    Gap,
}

impl Stand {
    /// What to do with `coming`.
    pub(super) fn turn(&self, coming: &VecDeque<Coming>) -> Turn {
        let Some(first) = coming.front() else { return Turn::Rest };
        let counted = coming.iter().map(Coming::step).find(|step| *step > Step(0));
        match counted {
            Some(step) if self.is_new && step <= self.step => {
                let last = coming.iter().position(|coming| coming.step() == self.step);
                last.map_or(Turn::Wait, |last| Turn::Back(last + 1))
            }
            _ if first.step() == Step(0) || first.step() == self.step.next() => Turn::Next,
            _ if first.step() <= self.step => Turn::Skip,
            _ => Turn::Gap,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ChatId;

    fn coming(steps: &[i64]) -> VecDeque<Coming> {
        let news = |step: &i64| Coming::News(ChatNews { chat: ChatId::new(), step: Step(*step), parts: vec![] });
        steps.iter().map(news).collect()
    }

    #[test]
    fn what_comes_is_told_step_by_step() {
        let stand = Stand { step: Step(4), is_new: false };
        assert_eq!(stand.turn(&coming(&[])), Turn::Rest);
        assert_eq!(stand.turn(&coming(&[5])), Turn::Next);
        assert_eq!(stand.turn(&coming(&[0, 5])), Turn::Next, "pointers are not counted");
        assert_eq!(stand.turn(&coming(&[4])), Turn::Skip);
        assert_eq!(stand.turn(&coming(&[6])), Turn::Gap);
    }

    #[test]
    fn what_a_ledger_was_loaded_with_is_waited_for_and_then_told() {
        let stand = Stand { step: Step(4), is_new: true };
        assert_eq!(stand.turn(&coming(&[5])), Turn::Next);
        assert_eq!(stand.turn(&coming(&[2, 3])), Turn::Wait);
        assert_eq!(stand.turn(&coming(&[2, 3, 0, 4, 5])), Turn::Back(4));
        assert_eq!(stand.turn(&coming(&[0, 4])), Turn::Back(2));
    }
}
