import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A hub of a test's own, which it may kill: always on the same port, with the same data. */
export class Hub {
  private process: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'entente-hub-'));

  private constructor(
    private readonly program: string,
    private readonly port: number,
  ) {}

  /** None where the tests were not told of a program; `cargo xtask test browser` tells them. */
  static program = process.env.ENTENTE_TEST_BINARY;

  static async start() {
    const hub = new Hub(Hub.program!, await free());
    await hub.rise();
    return hub;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, and waits until it says that it is ready. */
  async rise() {
    const child = spawn(this.program, ['demo', '--data', this.folder, '--print-addresses'], {
      env: {
        ...process.env,
        ENTENTE_LISTEN: `127.0.0.1:${this.port}`,
        ENTENTE_AS2_LISTEN: '127.0.0.1:0',
        ENTENTE_SMTP_LISTEN: '127.0.0.1:0',
        ENTENTE_SFTP_LISTEN: '127.0.0.1:0',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.process = child;
    for await (const line of createInterface(child.stdout)) {
      if (line.includes('"web"')) {
        child.stdout.resume();
        return;
      }
    }
    throw new Error('the hub ended before it was ready');
  }

  /** As a power cut does it: no farewell, nothing flushed. */
  async kill() {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async end() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function free() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
