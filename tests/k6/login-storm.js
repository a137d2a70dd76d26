// Many log in at once: password hashes are dear on purpose, so their queue fills, and those beyond it are told to come back.
import { check } from "k6";
import exec from "k6/execution";
import http from "k6/http";

import { PROMISES, loginTime } from "./metrics.js";
import { round } from "./round.js";
import { URL, amount, people, span } from "./setting.js";

const COME_BACK = [429, 503];

http.setResponseCallback(http.expectedStatuses(200, ...COME_BACK));

export const options = {
  scenarios: {
    logins: {
      executor: "constant-arrival-rate",
      rate: amount("RATE", 20),
      timeUnit: "1s",
      duration: span("DURATION", "1m"),
      preAllocatedVUs: amount("VUS", 100),
      maxVUs: amount("VUS", 100),
    },
  },
  thresholds: {
    checks: ["rate==1"],
    http_req_failed: ["rate==0"],
    rounds_finished: PROMISES.rounds_finished,
    rounds_broken: PROMISES.rounds_broken,
    "login_time{answer:in}": ["p(99)<5000"],
    "login_time{answer:come back}": ["p(99)<1000"],
  },
};

export default function () {
  return round(async () => {
    const { email, password } = people[exec.scenario.iterationInTest % people.length];
    const start = Date.now();
    const body = JSON.stringify({ email, password, source: "app" });
    const answer = await http.asyncRequest("POST", `${URL}/login`, body, { headers: { "content-type": "application/json" } });
    const late = COME_BACK.includes(answer.status);
    loginTime.add(Date.now() - start, { answer: late ? "come back" : "in" });
    check(answer, {
      "has tokens, or says when to come back": () => (late ? Number(answer.headers["Retry-After"]) > 0 : !!answer.json("accessToken")),
    });
  });
}
