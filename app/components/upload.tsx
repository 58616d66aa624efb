/**
 * Sending files with a bar that shows how much has arrived. Without JavaScript these are plain forms; with it the same
 * answers come by XMLHttpRequest, since `fetch` tells nothing of what it has sent.
 */
import { type ClientActionFunctionArgs, Form, type FormProps, redirect } from "@remix-run/react";
import { type ChangeEvent, type FormEvent, useEffect, useState, useSyncExternalStore } from "react";
import { decode } from "turbo-stream";
import { followed, sayRefused, stayOnPage } from "~/components/at-once";
import { tooLarge } from "~/components/file-size";

/** What was submitted: taken from the form, because Remix would hand the action a copy of each file. */
let submitted: FormData | undefined;
/** The part that has been sent, from 0 to 1; null while nothing is. */
let progress: number | null = null;
const listeners = new Set<() => void>();

function setProgress(value: number | null) {
  progress = value;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A form with files, for a page whose `clientAction` is `upload`. It is not sent while a file is too large. */
export function UploadForm(props: FormProps) {
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    if (!event.currentTarget.reportValidity()) return event.preventDefault();
    submitted = new FormData(event.currentTarget);
    const button = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null;
    if (button?.name) submitted.append(button.name, button.value);
    props.onSubmit?.(event);
  }
  return <Form {...props} method="post" encType="multipart/form-data" noValidate onSubmit={onSubmit} />;
}

/** Whether a file is on its way. */
export const isUploading = () => progress !== null;

/** How much of the files has been sent. Nothing while none is. */
export function UploadProgress() {
  const sent = useSyncExternalStore(
    subscribe,
    () => progress,
    () => null,
  );
  if (sent === null) return null;
  // All of it has arrived when the server begins to look at it.
  const words = sent < 1 ? `Uploading: ${Math.floor(sent * 100)}%` : "Almost done";
  return (
    <p className="upload">
      <progress value={sent} aria-label="Upload" />
      <span>{words}</span>
    </p>
  );
}

/** What Remix answers to an action that is asked for by script: a turbo-stream of one of these, or of an error. */
interface Answer {
  data?: unknown;
  redirect?: string;
}

/** A `clientAction` that sends what `UploadForm` took. What comes back is handled as Remix would. */
export async function upload(args: ClientActionFunctionArgs): Promise<unknown> {
  const form = submitted;
  submitted = undefined;
  if (!form) return stayOnPage(args);
  try {
    const request = await send(args.request, form);
    if (!request) return args.request.signal.aborted ? null : sayRefused();
    const { body } = new Response(request.response as ArrayBuffer);
    const decoded = await decode(body!).catch(() => null);
    const answer = (decoded?.value ?? {}) as Answer;
    if (answer.redirect) return followed(redirect(answer.redirect));
    return "data" in answer ? answer.data : sayRefused(request.status);
  } finally {
    setProgress(null);
  }
}

/** Posts where Remix's own request would go. null where no answer came. */
function send({ url, signal }: Request, form: FormData): Promise<XMLHttpRequest | null> {
  const { pathname, search } = new URL(url);
  const request = new XMLHttpRequest();
  request.open("POST", `${pathname}.data${search}`);
  request.responseType = "arraybuffer";
  if (hasFile(form)) {
    setProgress(0);
    request.upload.onprogress = ({ loaded, total }) => setProgress(total > 0 ? loaded / total : 0);
  }
  signal.addEventListener("abort", () => request.abort());
  return new Promise((resolve) => {
    request.onload = () => resolve(request);
    for (const event of ["error", "abort", "timeout"]) request.addEventListener(event, () => resolve(null));
    request.send(form);
  });
}

const hasFile = (form: FormData) =>
  [...form.values()].some((value) => value instanceof File && value.size > 0);

/**
 * The file that is chosen in a field: what is wrong with it, and a URL to show it by before it is sent. Of several all
 * are looked at, and the first is shown.
 */
export function useChosenFile({ label, maxBytes }: { label: string; maxBytes: number }) {
  const [chosen, setChosen] = useState<{ error?: string; preview?: string }>({});
  const { error, preview } = chosen;
  useEffect(() => {
    if (preview) return () => URL.revokeObjectURL(preview);
  }, [preview]);

  function onChange({ currentTarget }: ChangeEvent<HTMLInputElement>) {
    const files = [...(currentTarget.files ?? [])];
    const large = files.find(({ size }) => size > maxBytes);
    const [file] = files;
    const error = large && tooLarge(files.length > 1 ? `“${large.name}”` : label, maxBytes);
    currentTarget.setCustomValidity(error ?? "");
    setChosen({ error, preview: file && !error ? URL.createObjectURL(file) : undefined });
  }
  /** What the browser cannot show, the server will have a word for. */
  const hidePreview = () => setChosen({ error });
  return { error, preview, onChange, hidePreview };
}
