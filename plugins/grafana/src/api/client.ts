import type { Host, HostError } from "@lazyoc/plugin";
import type { Settings } from "./settings.js";
import { cut, shapeOf, textOf } from "./shapes.js";
import { inTurn } from "./turns.js";

/** A request that the host has no room for, such as beside those of an instance that ends, is made again after a while, so many times. */
const tries = 12;
const pauseMs = 400;

/** Characters of what Grafana says of an error. */
const errorChars = 300;

/** Why Grafana gave nothing, in words for the user. */
export class GrafanaFailure extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

type Query = Record<string, string | string[]>;

/** The Grafana that the user has set. Tokens are added by the host; none is seen here. */
export class Grafana {
  private constructor(
    /** Without a slash at its end. */
    readonly url: string,
    private readonly hasToken: boolean,
  ) {}

  /** Null when none is set. */
  static of({ tokenUrl, url }: Partial<Settings>): Grafana | null {
    const address = tokenUrl || url;
    return address ? new Grafana(address.replace(/\/+$/, ""), Boolean(tokenUrl)) : null;
  }

  /** The JSON of a successful answer. */
  get(host: Host, path: string, query: Query = {}): Promise<unknown> {
    return this.#send(host, "GET", path, query);
  }

  /** The JSON of a successful answer, or of one that `isAnswer` takes for one whatever its status. */
  post(host: Host, path: string, body: unknown, isAnswer?: (json: unknown) => boolean): Promise<unknown> {
    return this.#send(host, "POST", path, {}, body, isAnswer);
  }

  async #send(host: Host, method: "GET" | "POST", path: string, query: Query, body?: unknown, isAnswer?: (json: unknown) => boolean): Promise<unknown> {
    const pairs = Object.entries(query).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, one]));
    const url = `${this.url}${path}${pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`}`;
    const headers = { accept: "application/json", ...(body !== undefined && { "content-type": "application/json" }) };
    const { status, body: answer } = await this.#sent(() => host.http.fetch({ url, method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }));
    const json = parsed(typeof answer === "string" ? answer : "");
    if (isAnswer && json !== undefined && isAnswer(json)) return json;
    if (status < 200 || status > 299) throw this.#refused(status, json);
    if (json === undefined) throw new GrafanaFailure(`${this.url} answers, and not with JSON as Grafana does`, "look at the address in the settings of this plugin: it may lead to a login page or to another program");
    return json;
  }

  #sent<T>(send: () => Promise<T>): Promise<T> {
    return inTurn(async () => {
      for (let tried = 1; ; tried++) {
        try {
          return await send();
        } catch (refused) {
          if ((refused as HostError).code !== "quota-exceeded" || tried === tries) throw this.#unanswered(refused as HostError);
          await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
        }
      }
    });
  }

  #refused(status: number, json: unknown): GrafanaFailure {
    const said = cut(textOf(shapeOf(json)["message"]), errorChars);
    switch (status) {
      case 401:
        return new GrafanaFailure(`Grafana takes nobody without a valid token (401${said && `: ${said}`})`, this.hasToken ? "set the token of a service account as the setting `token`" : "set its address as `tokenUrl`, and the token of a service account as `token`");
      case 403:
        return new GrafanaFailure(`Grafana forbids it (403${said && `: ${said}`})`, "give the service account of the token the role Viewer, or Editor to annotate");
      case 404:
        return new GrafanaFailure(`Grafana does not have it (404${said && `: ${said}`})`, "it was deleted, or the address in the settings is not that of Grafana");
      default:
        return new GrafanaFailure(`${this.url} answers with status ${status}${said && `: ${said}`}`, status >= 500 ? "Grafana's own log may say more" : "look at the address in the settings of this plugin");
    }
  }

  #unanswered(refused: HostError): GrafanaFailure {
    const said = refused.message.split("\n")[0]!;
    switch (refused.code) {
      case "too-large":
        return new GrafanaFailure("the answer is larger than 1 MiB, which is the most that is taken", "ask for less: a shorter range, fewer series");
      case "permission-denied":
        return new GrafanaFailure(`${this.url} may not be asked: ${said}`, "when it redirects to another server, such as a login page, set the address of Grafana itself");
      case "unavailable":
      case "timeout":
        return new GrafanaFailure(`${this.url} does not answer: ${said}`, "look whether it runs, and at `tokenUrl` and `token` in the settings of this plugin");
      case "quota-exceeded":
        return new GrafanaFailure("there were too many requests at once", "wait a moment, and refresh");
      default:
        return new GrafanaFailure(said, "try again");
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
