/** The settings of this plugin. The token is none of them: LazyOC keeps it. */
export interface Settings {
  tokenUrl: string;
  url: string;
  deploymentTag: string;
  podTag: string;
  dashboardLabel: string;
  namespaceVariables: string;
  deploymentVariables: string;
  podVariables: string;
  annotateRollouts: boolean;
  rolloutNamespace: string;
  rolloutDashboard: string;
  annotationTag: string;
}

/** Items of a setting that is a list with commas. */
export function itemsOf(text: string | undefined): string[] {
  return (text ?? "").split(",").map((item) => item.trim()).filter((item) => item !== "");
}
