// The demo as a process of its own: started on a free port with a database of its own, stopped by its own handle.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

const root = path.resolve(import.meta.dirname, '../..');

export class Demo {
  #folder = mkdtempSync(path.join(tmpdir(), 'retinue-clients-'));
  #program = path.join(
    JSON.parse(
      execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps'], { cwd: root, maxBuffer: 1 << 26 }),
    ).target_directory,
    'debug',
    'retinue',
  );
  #listen = '127.0.0.1:0';
  #process;
  #exited;

  /** `http://127.0.0.1:…`, the same after every start. */
  address;
  /** Who can be played: by key, with their name and a token. */
  people = {};

  async start() {
    this.#process = spawn(
      this.#program,
      ['demo', '--json', '--listen', this.#listen, '--database', `sqlite:${path.join(this.#folder, 'demo.db')}`],
      { cwd: this.#folder, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#exited = new Promise((resolve) => this.#process.on('exit', (code) => resolve(code)));
    const announced = await Promise.race([
      new Promise((resolve) => readline.createInterface({ input: this.#process.stdout }).once('line', resolve)),
      this.#exited.then((code) => assert.fail(`the demo ended with ${code} before it announced itself`)),
    ]);
    const { address, people } = JSON.parse(announced);
    this.address = address;
    this.#listen = address.replace('http://', '');
    for (const person of people) this.people[person.key] = person;
  }

  /** Asks it to stop, and waits until it has. */
  async stop() {
    this.#process.kill('SIGTERM');
    assert.equal(await this.#exited, 0, 'the demo stops cleanly');
  }

  /** Its process. */
  get pid() {
    return this.#process.pid;
  }

  /** Whether it runs. */
  get runs() {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  async remove() {
    if (this.runs) await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
