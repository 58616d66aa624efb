import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { useEffect } from "react";
import { transaction } from "#models/database.server";
import { VaultCheck } from "#models/vault-check.server";
import { pageTitle } from "~/components/page-title";
import { useRefresh } from "~/components/use-refresh";
import { redirectWithFlash } from "~/services/flash.server";
import { again, isUnderWay, progressOf } from "~/services/jobs.server";
import { requireSuperuser } from "./access.server";
import { Found } from "./check-found";
import stylesheet from "./documents.css?url";
import { verifyFiles } from "./jobs.server";
import { VaultTabs } from "./tabs";

export { stayOnPage as clientAction, unlessCutOff as shouldRevalidate } from "~/components/at-once";

/** There is one check at a time. */
const KEY = "vault";
/** Milliseconds between two looks while one runs. */
const LOOK = 2_000;

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Vault check");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request }: LoaderFunctionArgs) {
  await requireSuperuser(request);
  const progress = await progressOf(verifyFiles, KEY);
  return {
    isRunning: Boolean(progress && isUnderWay(progress.state)),
    error: progress?.state === "failed" ? progress.error : null,
    check: await VaultCheck.newest(),
  };
}

export async function action({ request }: ActionFunctionArgs) {
  await requireSuperuser(request);
  await transaction((transaction) => again(verifyFiles, [{ payload: {}, key: KEY }], { transaction }));
  return redirectWithFlash(request, "/documents/vault", { kind: "success", text: "The check has begun." });
}

export default function Vault() {
  const { isRunning, error, check } = useLoaderData<typeof loader>();
  const refresh = useRefresh();
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(refresh, LOOK);
    return () => clearInterval(timer);
  }, [isRunning, refresh]);
  return (
    <>
      <div className="head">
        <div>
          <h1>Vault check</h1>
          <p>Every file is read whole and held against its checksum</p>
        </div>
        <Form method="post" className="actions">
          <button type="submit" className="button primary" disabled={isRunning}>
            Check now
          </button>
        </Form>
      </div>
      <section className="card">
        <header>
          <VaultTabs current="vault" isSuperuser />
        </header>
        <div className="pad" aria-live="polite">
          {isRunning && (
            <p>
              A check is under way.<noscript> Load this page again to see what it has found.</noscript>
            </p>
          )}
          {error && <p className="error">The last check could not be finished: {error}</p>}
          {check ? <Found check={check} /> : <p>Nothing has been checked yet.</p>}
        </div>
      </section>
    </>
  );
}
