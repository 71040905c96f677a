import { type ChildProcess, spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { type LmsFolder, lmsCommand } from './lms-process.js';

/** Runs a command on a pseudo terminal, 40 lines high and as wide as asked: what is typed goes in, what it shows comes out. */
const pseudoTerminal = `
import fcntl, os, pty, select, struct, sys, termios
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 40, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
inputs = [terminal, 0]
while True:
    ready, _, _ = select.select(inputs, [], [])
    if 0 in ready:
        typed = os.read(0, 4096)
        if typed: os.write(terminal, typed)
        else: inputs.remove(0)
    if terminal in ready:
        try: shown = os.read(terminal, 65536)
        except OSError: break
        if not shown: break
        os.write(1, shown)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
`;

const longestWaitMillis = 60_000;

/** Keys that are no characters. */
export const key = { enter: '\r', up: '\u001B[A', down: '\u001B[B', interrupt: '\u0003' } as const;

/** `lms` on a terminal. Every wait is for a text, and ends with what stood on the screen when it does not come. */
export class Terminal implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | null>;
  #shown = '';
  #seen = 0;
  #waiting: (() => void) | null = null;

  constructor(
    folder: LmsFolder,
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    columns = 100,
  ) {
    const program = [process.execPath, ...lmsCommand(), ...words];
    this.#process = spawn('python3', ['-c', pseudoTerminal, String(columns), ...program], {
      cwd: folder.path,
      env: { ...folder.environment, TERM: 'xterm-256color', ...environment },
    });
    const take = (text: string): void => {
      this.#shown += text;
      this.#waiting?.();
    };
    this.#process.stdout?.setEncoding('utf8').on('data', take);
    this.#process.stderr?.setEncoding('utf8').on('data', take);
    this.#ended = new Promise((resolve, reject) => {
      this.#process.on('error', reject);
      this.#process.on('close', (code) => {
        resolve(code);
        this.#waiting?.();
      });
    });
  }

  /** All that was shown so far, without colours. */
  get screen(): string {
    return stripVTControlCharacters(this.#shown).replaceAll('\r', '');
  }

  /** All that was shown so far, colours and all. */
  get raw(): string {
    return this.#shown;
  }

  /** Waits for a text after the one that was waited for last. */
  async shows(text: string | RegExp): Promise<string> {
    const deadline = Date.now() + longestWaitMillis;
    for (;;) {
      const rest = this.screen.slice(this.#seen);
      const [found] = typeof text === 'string' ? (rest.includes(text) ? [text] : []) : (text.exec(rest) ?? []);
      if (found !== undefined) {
        this.#seen += rest.indexOf(found) + found.length;
        return found;
      }
      const isOver = this.#process.exitCode !== null && this.#process.stdout?.readableEnded === true;
      if (isOver || Date.now() > deadline)
        throw new Error(`"${text}" was never shown after:\n${this.screen.slice(0, this.#seen)}\n<here>\n${rest}`);
      await this.#more(deadline - Date.now());
    }
  }

  type(...keys: readonly string[]): void {
    for (const each of keys) this.#process.stdin?.write(each);
  }

  /** The exit code, once it has ended. */
  async ends(): Promise<number | null> {
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin?.destroy();
    if (this.#process.exitCode === null) this.#process.kill();
    await this.#ended;
  }

  /** Waits until more is shown, or it ends. */
  #more(atMostMillis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, atMostMillis);
      this.#waiting = () => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve();
      };
    });
  }
}
