/** The pages of those who are not logged in. */
import { Forgot } from "../view/account/Forgot.tsx";
import { Login } from "../view/account/Login.tsx";
import { SignUp } from "../view/account/SignUp.tsx";
import { Verify } from "../view/account/Verify.tsx";
import { useApp } from "../view/context.ts";

export function Outside() {
  switch (useApp().place.value.at) {
    case "signup":
      return <SignUp />;
    case "verify":
      return <Verify />;
    case "forgot":
      return <Forgot />;
    default:
      return <Login />;
  }
}
