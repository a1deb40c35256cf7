import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CDPSession, Page, Worker } from '@playwright/test';
import { expect } from './stage';

/** The length of an uncompressed point of P-256, in bytes. */
const POINT = 65;

const derived = (secret: Buffer, salt: Buffer, info: Buffer | string, length: number) =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length));

/**
 * A push service on loopback, and what a vendor's browser does with it: Chromium without its vendor
 * has no push service, so its page is told of this one, and what comes is opened here (RFC 8291)
 * and handed to the service worker as the browser would.
 */
export class Device {
  private readonly keys = createECDH('prime256v1');
  private readonly secret = randomBytes(16);
  private readonly came: string[] = [];
  private readonly server: Server;
  private cdp!: CDPSession;
  private registration = '';

  private constructor(private readonly page: Page) {
    this.keys.generateKeys();
    this.server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        this.came.push(this.opened(Buffer.concat(pieces)));
        response.writeHead(201).end();
      });
    });
  }

  /** One for the window of a person, which may ask for notices from then on. */
  static async of(page: Page, origin: string) {
    const device = new Device(page);
    await new Promise<void>((ready) => device.server.listen(0, '127.0.0.1', ready));
    const { port } = device.server.address() as AddressInfo;
    await page.context().grantPermissions(['notifications'], { origin });
    const keys = { p256dh: device.keys.getPublicKey('base64url'), auth: device.secret.toString('base64url') };
    await page.addInitScript(
      (made) => {
        const flag = 'subscribed';
        const subscription = {
          toJSON: () => made,
          unsubscribe: () => Promise.resolve(localStorage.removeItem(flag)),
        };
        const manager = PushManager.prototype as unknown as Record<string, unknown>;
        manager.getSubscription = () => Promise.resolve(localStorage.getItem(flag) ? subscription : null);
        manager.subscribe = ({ applicationServerKey }: { applicationServerKey: string }) => {
          localStorage.setItem(flag, applicationServerKey);
          return Promise.resolve(subscription);
        };
      },
      { endpoint: `http://127.0.0.1:${port}/push`, keys },
    );
    device.cdp = await page.context().newCDPSession(page);
    device.cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find((one) => one.scopeURL.startsWith(origin) && !one.isDeleted);
      if (found) device.registration = found.registrationId;
    });
    await device.cdp.send('ServiceWorker.enable');
    return device;
  }

  /** The next message, as its browser reads it. */
  async next() {
    await expect.poll(() => this.came.length, { timeout: 20_000 }).toBeGreaterThan(0);
    return this.came.shift()!;
  }

  /** Wakes the service worker with a message, and tells what stands on the screen then. */
  async shows(message: string, origin: string) {
    const { registration: registrationId } = this;
    await this.cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: message });
    const context = this.page.context();
    const worker: Worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
    await expect.poll(() => notices(worker)).toHaveLength(1);
    const [shown] = await notices(worker);
    await worker.evaluate(async () => {
      const { registration } = self as unknown as ServiceWorkerGlobalScope;
      for (const one of await registration.getNotifications()) one.close();
    });
    return shown!;
  }

  async close() {
    await this.cdp.detach();
    await new Promise((done) => this.server.close(done));
  }

  private opened(sealed: Buffer) {
    const salt = sealed.subarray(0, 16);
    const theirs = sealed.subarray(21, 21 + POINT);
    expect(sealed[20], 'the length of the key').toBe(POINT);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.keys.getPublicKey(), theirs]);
    const shared = derived(this.keys.computeSecret(theirs), this.secret, info, 32);
    const key = derived(shared, salt, 'Content-Encoding: aes128gcm\0', 16);
    const nonce = derived(shared, salt, 'Content-Encoding: nonce\0', 12);
    const open = createDecipheriv('aes-128-gcm', key, nonce);
    open.setAuthTag(sealed.subarray(-16));
    const padded = Buffer.concat([open.update(sealed.subarray(21 + POINT, -16)), open.final()]);
    return padded.subarray(0, padded.lastIndexOf(2)).toString();
  }
}

const notices = (worker: Worker) =>
  worker.evaluate(async () => {
    const { registration } = self as unknown as ServiceWorkerGlobalScope;
    const all = await registration.getNotifications();
    return all.map(({ title, body, tag, data }) => ({ title, body, tag, url: (data as { url: string }).url }));
  });
