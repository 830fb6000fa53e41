/** A pod that is there. */
export class Pod {
  constructor(
    public project: string,
    public name: string,
    public phase: string,
  ) {}

  get path(): string {
    return `${this.project}/${this.name}`;
  }

  get ails(): bool {
    return this.phase != "Running" && this.phase != "Succeeded";
  }
}

/** Every pod seen, by uid. */
export const pods = new Map<string, Pod>();

/** Puts a pod in its place; false when it was there, and in the same phase. */
export function put(uid: string, pod: Pod): bool {
  const changed = !pods.has(uid) || pods.get(uid).phase != pod.phase;
  pods.set(uid, pod);
  return changed;
}

/** The pods that ail, in the order of project and name. */
export function ailing(): Pod[] {
  const found: Pod[] = [];
  const all = pods.values();
  for (let i = 0; i < all.length; i++) if (all[i].ails) found.push(all[i]);
  return found.sort((a, b) => (a.path == b.path ? 0 : a.path < b.path ? -1 : 1));
}

/** Such as `♥ 40 pods, 2 ailing`. */
export function summary(): string {
  const sick = ailing().length;
  return sick == 0 ? `♥ ${pods.size} pods` : `♥ ${pods.size} pods, ${sick} ailing`;
}
