// The extension in a real VS Code: `node test/workbench.mjs OTAC`, by `make test-vscode`.
//
// code-server is VS Code for a browser, from npm; the browser is Debian's Chromium.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const otac = process.argv[2];
const server = createRequire(join(process.cwd(), "workbench", "x.js"));
const puppeteer = server("puppeteer-core");
const vscode = join(dirname(server.resolve("code-server/package.json")), "lib/vscode");
const PATIENCE = 240_000;

const scratch = mkdtempSync(join(tmpdir(), "otac-vscode-"));
const project = join(scratch, "helpdesk");
execFileSync(otac, ["init", project], { stdio: "ignore" });
mkdirSync(join(project, ".vscode"));
const settings = { "otac.command": [otac], "editor.codeLens": true };
writeFileSync(join(project, ".vscode/settings.json"), JSON.stringify(settings));
const config = join(project, "config.yml");
const sound = readFileSync(config, "utf8");
writeFileSync(config, sound.replace("interval_seconds: 300", "intervall_seconds: 300"));

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const places = [
  ...["--user-data-dir", join(scratch, "data"), "--extensions-dir", join(scratch, "ext")],
  ...["--accept-server-license-terms", "--telemetry-level", "off"],
];
const main = join(vscode, "out/server-main.js");
const vsix = join(process.cwd(), `dist/otac-${version}.vsix`);
const quiet = { stdio: "ignore", cwd: vscode };
execFileSync(process.execPath, [main, ...places, "--install-extension", vsix], quiet);

const port = await free();
const serving = ["--host", "127.0.0.1", "--port", String(port)];
const open = ["--without-connection-token", "--disable-workspace-trust"];
const running = spawn(process.execPath, [main, ...places, ...serving, ...open], quiet);
let browser;
try {
  await until("VS Code", () => fetch(`http://127.0.0.1:${port}/version`).catch(() => null));
  browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage();
  await page.setViewport({ width: 1400, height: 900 });

  await show(page, config);
  await until("a mistake", () => page.$(".squiggly-error"));
  console.log("ok: a mistake is underlined as soon as the file is open");

  writeFileSync(config, sound);
  await show(page, join(project, "tests/routing.yml"));
  const first = await until("a lens above a test", () => lens(page));
  // VS Code draws lenses anew while it starts.
  const click = () => page.click(".codelens-decoration a").then(() => true, () => false);
  await until("a click on it", click);
  await until("its outcome", async () => (await lens(page)) !== first);
  console.log(`ok: the test was run: ${first} -> ${await lens(page)}`);
  assert.equal(await page.$(".squiggly-error"), null);
} finally {
  await browser?.close();
  running.kill("SIGKILL");
  await wait(500);
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 1000 });
}

async function show(page, file) {
  const uri = `vscode-remote://127.0.0.1:${port}${file}`;
  const payload = encodeURIComponent(JSON.stringify([["openFile", uri]]));
  const url = `http://127.0.0.1:${port}/?folder=${project}&payload=${payload}`;
  await page.goto(url, { timeout: PATIENCE });
}

function lens(page) {
  return page.$eval(".codelens-decoration a", (one) => one.textContent).catch(() => null);
}

async function until(what, look) {
  const deadline = Date.now() + PATIENCE;
  while (Date.now() < deadline) {
    const found = await look();
    if (found) return found;
    await wait(500);
  }
  throw new Error(`gave up waiting for ${what}`);
}

function free() {
  return new Promise((answer) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => answer(port));
    });
  });
}
