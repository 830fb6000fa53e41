/** What goes to the host and comes back from it, as {@link Host} has it. */

import type {
  AuditReadEntry,
  ErrorCode,
  HttpFetchAnswer,
  HttpFetchRequest,
  KubernetesCanIRequest,
  KubernetesCreateRequest,
  KubernetesExecAnswer,
  KubernetesExecRequest,
  KubernetesGetRequest,
  KubernetesListRequest,
  KubernetesLogsRequest,
  KubernetesPatchRequest,
  KubernetesResource,
  KubernetesSchemaAnswer,
  KubernetesServiceProxyAnswer,
  KubernetesServiceProxyRequest,
  KubernetesWatchRequest,
  KubernetesWriteAnswer,
  ListedFile,
  ObjectReference,
} from "./host-calls.js";

export type { ErrorCode, ObjectReference };

/** What a refused or failed host call rejects with. */
export interface HostError extends Error {
  readonly code: ErrorCode;
}

/** The message being handled. Writes and questions need its gesture, which only an action, command or input that the user started carries. */
export interface Message {
  readonly id: string;
  readonly type: string;
  readonly session: string;
  readonly gesture?: string;
  readonly deadlineMs: number;
}

/** Any Kubernetes object, as the API server gives it. */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata: { name: string; namespace?: string; uid?: string; creationTimestamp?: string; labels?: Record<string, string>; [key: string]: unknown };
  [key: string]: unknown;
}

/** A page of objects; `project` names the fields. */
export type ListRequest = Omit<KubernetesListRequest, "fields">;

/** One object. */
export type GetRequest = Omit<KubernetesGetRequest, "fields">;

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a name in a folder stands for. */
export type FileEntry = ListedFile;

/** Files: `/plugin` is the package, `/tmp` is in memory and gone when the plugin stops, `/mnt/NAME` is a folder that the user chose. */
export interface Files {
  /** A part of a file and the size of the whole; fewer bytes than asked for at its end, and when an answer holds no more. */
  read(path: string, part?: { offset?: number; length?: number }): Promise<{ data: { base64: string }; size: number }>;
  /** Writes a file: replaces it in one step, or behind its end, or at a place in it. Makes the folders it needs. */
  write(path: string, data: string | { base64: string }, where?: { append?: boolean } | { offset?: number }): Promise<void>;
  /** What is in a folder; `more` when it has more than an answer holds. */
  list(path: string): Promise<{ entries: FileEntry[]; more?: boolean }>;
  stat(path: string): Promise<FileEntry>;
  /** Deletes a file, a link or an empty folder. */
  delete(path: string): Promise<void>;
  /** Moves within one tree; a file that is in the way is replaced. */
  rename(path: string, to: string): Promise<void>;
}

/** A change is refused with `conflict` unless the key is still of this revision; 0 is that of a key without a value. */
export interface StorageCondition {
  ifRevision?: number;
}

/** The plugin's own store: keys of at most 256 characters, values of at most 256 KiB, kept when the plugin stops. Permission: `storage`. */
export interface Storage {
  /** The value of a key; undefined when it has none. */
  get<T extends Json = Json>(key: string): Promise<T | undefined>;
  /** The value of a key with its revision, which is another one after every change. */
  getWithRevision<T extends Json = Json>(key: string): Promise<{ value?: T; revision: number }>;
  /** The revision that the value has now. */
  set(key: string, value: Json, condition?: StorageCondition): Promise<number>;
  delete(key: string, condition?: StorageCondition): Promise<void>;
  /** A page of keys in order; `more` when there are more after the last one. */
  list<T extends Json = Json>(request?: { prefix?: string; after?: string; limit?: number; values?: boolean }): Promise<{ items: { key: string; value?: T; revision: number }[]; more?: boolean }>;
  /** Several changes, all of them or none; each key once. */
  batch(changes: { set?: ({ key: string; value: Json } & StorageCondition)[]; delete?: ({ key: string } & StorageCondition)[] }): Promise<void>;
}

/** One line of the audit. */
export type AuditEntry = AuditReadEntry;

/** A resource that the cluster serves. */
export type ApiResource = KubernetesResource;

/** The OpenAPI v3 schema of a kind; a `$ref` of `#/components/schemas/NAME` is `definitions[NAME]`. */
export interface KindSchema extends KubernetesSchemaAnswer {
  schema: Record<string, unknown>;
  definitions: Record<string, Record<string, unknown>>;
}

/** What `canI` is asked. */
export type AccessQuestion = KubernetesCanIRequest;

/** What `watch` follows. */
export type WatchRequest = KubernetesWatchRequest;

/** A whole object to create or apply; its own kind, namespace and name must say the same. */
export type WriteRequest = KubernetesCreateRequest & { object: object };

/** A change of an object that is there. */
export type PatchRequest = KubernetesPatchRequest & { patch: object };

/** What was written; `object` is absent when the plugin may not `get` it. */
export type WriteAnswer<T> = Omit<KubernetesWriteAnswer, "object"> & { object?: T };

/** Which lines `logs` gives. */
export type LogsRequest = Omit<KubernetesLogsRequest, "follow">;

/** What `exec` runs. */
export type ExecRequest = KubernetesExecRequest;

/** What came of it. */
export type ExecAnswer = KubernetesExecAnswer;

/** An HTTP request to a service of the cluster. */
export type ServiceProxyRequest = KubernetesServiceProxyRequest & {
  method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  scheme?: "http" | "https";
};

/** The answer of a service of the cluster, whatever its status. */
export type ServiceProxyAnswer = KubernetesServiceProxyAnswer;

/** Text, or bytes that are not UTF-8. */
export type HttpBody = string | { base64: string };

/** An HTTP request to a server. Headers that frame the message, such as `Host` and `Content-Length`, are the host's. */
export type FetchRequest = HttpFetchRequest & { method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" };

/** The answer of a server, whatever its status. */
export type FetchAnswer = HttpFetchAnswer;
