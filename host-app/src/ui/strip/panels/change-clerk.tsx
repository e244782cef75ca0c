import type { PanelProps } from "../panel-props.ts";
import { SignInForm } from "./sign-in-form.tsx";

/** The next clerk takes over in one step, or sits down beside. */
export const ChangeClerk = ({ model, state, close, open }: PanelProps) => (
  <SignInForm model={model} state={state} close={close} open={open} isPanel />
);
