// The client of `otac lsp`, which does the work: findings, completion, fixes, tests.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

const run = promisify(execFile);
const SCHEMA = "otac-schema";
// What the server takes for a configuration, and for a file of tests.
const CONFIGURATION = /^(orchestrator|open_ticket_ai)\s*:/m;
const TESTS = /^tests\s*:[^]*^\s+(- )?runner\s*:/m;

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const told = vscode.window.createOutputChannel("otac", { log: true });
  context.subscriptions.push(
    told,
    vscode.commands.registerCommand("otac.restart", () => restart(told)),
    vscode.commands.registerCommand("otac.runTestHere", runTestHere),
    vscode.commands.registerCommand("otac.showModule", showModule),
    vscode.workspace.onDidChangeConfiguration((change) =>
      change.affectsConfiguration("otac.command") ? restart(told) : undefined,
    ),
  );
  await restart(told);
  await offerSchema();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}

function command(): [string, string[]] {
  const [program, ...words] = vscode.workspace
    .getConfiguration("otac")
    .get<string[]>("command", ["otac"]);
  return [program ?? "otac", words];
}

function folder(): string | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
}

async function restart(told: vscode.LogOutputChannel): Promise<void> {
  await client?.stop().catch(() => undefined);
  const [program, words] = command();
  const options = { cwd: folder() };
  client = new LanguageClient(
    "otac",
    "otac",
    { command: program, args: [...words, "lsp"], options },
    { documentSelector: [{ language: "yaml" }], outputChannel: told },
  );
  try {
    await client.start();
  } catch (problem) {
    client = undefined;
    told.error(String(problem));
    const settings = "Open Settings";
    const line = [program, ...words, "lsp"].join(" ");
    const chosen = await vscode.window.showErrorMessage(
      `otac: \`${line}\` does not start. Install \`otac[lsp]\`, or say in \`otac.command\` where it is.`,
      settings,
    );
    if (chosen === settings) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "otac.command");
    }
  }
}

/** The lens above the cursor is the one that an editor without lenses would not show. */
async function runTestHere(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return;
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    editor.document.uri,
    1000,
  );
  const above = lenses
    .filter((one) => one.command?.command === "otac.runTest")
    .filter((one) => one.range.start.line <= editor.selection.active.line)
    .sort((one, other) => other.range.start.line - one.range.start.line)[0];
  if (above?.command === undefined) {
    await vscode.window.showInformationMessage("otac: there is no test at the cursor.");
    return;
  }
  await vscode.commands.executeCommand(
    above.command.command,
    ...(above.command.arguments ?? []),
  );
}

async function showModule(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return;
  const at = editor.selection.active;
  const found = await vscode.commands.executeCommand<{ text: string } | null>(
    "otac.preview",
    editor.document.uri.toString(),
    { line: at.line, character: at.character },
  );
  if (!found) {
    await vscode.window.showInformationMessage(
      "otac: put the cursor into a runner of a configuration without errors.",
    );
    return;
  }
  const shown = await vscode.workspace.openTextDocument({
    language: "python",
    content: found.text,
  });
  await vscode.window.showTextDocument(shown, vscode.ViewColumn.Beside, true);
}

interface Yaml {
  registerContributor(
    schema: string,
    requestSchema: (resource: string) => string | undefined,
    requestContent: (uri: string) => Promise<string>,
  ): boolean;
}

/** To Red Hat's YAML extension, where it is installed, for the files that are otac's. */
async function offerSchema(): Promise<void> {
  const extension = vscode.extensions.getExtension<Yaml>("redhat.vscode-yaml");
  if (extension === undefined) return;
  const yaml = await extension.activate();
  yaml.registerContributor(
    SCHEMA,
    (resource) => {
      const open = vscode.workspace.textDocuments.find(
        (one) => one.uri.toString() === resource,
      );
      const text = open?.getText() ?? "";
      if (CONFIGURATION.test(text)) return `${SCHEMA}://configuration?${resource}`;
      return TESTS.test(text) ? `${SCHEMA}://tests` : undefined;
    },
    async (uri) => {
      const [program, words] = command();
      const [, file] = uri.split("?", 2);
      // Beside the configuration lies the record of its components.
      const of = file === undefined ? "--tests" : vscode.Uri.parse(file).fsPath;
      const { stdout } = await run(program, [...words, "schema", of], {
        cwd: folder(),
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout;
    },
  );
}
