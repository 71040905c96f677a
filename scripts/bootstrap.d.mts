/** The pinned package manager, as npx takes it. */
export declare const PACKAGE_MANAGER: string;
/** Installs what is missing and runs a file of scripts/ under the workspace's Node.js. */
export declare function runWithWorkspaceNode(script: string, args: readonly string[]): void;
