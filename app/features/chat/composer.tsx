import { Link, useFetcher } from "@remix-run/react";
import { type FormEvent, useRef } from "react";
import { type Answer, useProblem } from "~/components/at-once";
import { errorOf } from "~/components/field";
import type { Problem } from "~/components/problem";
import { submitOnEnter } from "~/components/submit-on-enter";
import type { Me } from "./messages";
import { NAME_MAX, TEXT_MAX } from "./said";

/** Writing where one is; `refused` is the problem of a submit without JavaScript. */
export function useWriting(refused: Problem | undefined) {
  const fetcher = useFetcher<Answer>();
  const form = useRef<HTMLFormElement>(null);
  const sent = useRef("");
  const { state, data } = fetcher;
  const [problem, setProblem] = useProblem({ state, data }, refused, (answer) => {
    if (answer) return;
    // What has been written since stays.
    const field = form.current?.querySelector("textarea");
    if (field && field.value === sent.current) field.value = "";
  });
  return { fetcher, form, sent, problem, setProblem };
}

interface ComposerProps {
  slug: string;
  me: Me;
  /** The same for what this form sends twice. */
  clientId: string;
  writing: ReturnType<typeof useWriting>;
  /** Without JavaScript the page is loaded anew by itself, unless one writes. */
  isWriting: boolean;
  /** Says it over the line, where there is one. */
  say?(text: string): void;
}

/** Where one writes: over the line once one has a name, and by the form until then and without JavaScript. */
export function Composer({ slug, me, clientId, writing, isWriting, say }: ComposerProps) {
  const { fetcher, form, sent, problem, setProblem } = writing;
  const error = errorOf(problem, "text");

  const send = (event: FormEvent<HTMLFormElement>) => {
    const fields = new FormData(event.currentTarget);
    const text = String(fields.get("text")).trim();
    const isRenamed = me.user === null && String(fields.get("name")).trim() !== (me.name ?? "");
    sent.current = String(fields.get("text"));
    if (!say || !me.name || isRenamed) return;
    event.preventDefault();
    const { length } = [...text];
    if (length > TEXT_MAX) return setProblem(tooLong(text, length));
    setProblem(undefined);
    if (text === "") return;
    say(text);
    // `reset` would bring back what was refused before.
    event.currentTarget.querySelector("textarea")!.value = "";
  };

  return (
    <>
      {!isWriting && (
        <noscript>
          <p className="write">
            <a href={`/chat/${slug}?write#text`} className="button primary">
              Write a message
            </a>
          </p>
        </noscript>
      )}
      <fetcher.Form
        ref={form}
        method="post"
        action={`/chat/${slug}`}
        className={isWriting ? "composer" : "composer scripted"}
        onSubmit={send}
        noValidate
        preventScrollReset
      >
        <input type="hidden" name="client_id" value={clientId} suppressHydrationWarning />
        {me.user === null && (
          <label>
            <span>Your name</span>
            <input
              name="name"
              defaultValue={problem?.values.name ?? me.name ?? ""}
              placeholder="anonymous"
              maxLength={NAME_MAX}
              autoComplete="nickname"
            />
          </label>
        )}
        <label className="wide">
          <span>Message</span>
          <textarea
            id="text"
            name="text"
            rows={1}
            defaultValue={problem?.values.text}
            placeholder={me.user === null ? "Write a message" : `Write as ${me.name}`}
            onKeyDown={submitOnEnter}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? "text-error" : undefined}
          />
        </label>
        <button type="submit" className="button primary" disabled={fetcher.state !== "idle"}>
          Send
        </button>
        {error && (
          <span className="error" id="text-error">
            {error}
          </span>
        )}
        {!isWriting && me.user === null && (
          <small>
            <Link to="/accounts/login?next=/chat">Sign in</Link> to write under a name that is yours alone.
          </small>
        )}
      </fetcher.Form>
    </>
  );
}

const tooLong = (text: string, length: number): Problem => ({
  values: { text },
  errors: [
    {
      name: "text",
      message: `Message must be ${TEXT_MAX.toLocaleString("en")} characters or fewer; it has ${length.toLocaleString("en")}`,
    },
  ],
});
