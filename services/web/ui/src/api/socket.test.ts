import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffMs, isFatal } from './backoff';
import { Socket, type Cursor, type Frame } from './socket';

class Wire {
  readyState = 1;
  sent: Record<string, unknown>[] = [];
  closed = false;
  onopen?: () => void;
  onmessage?: (message: { data: string }) => void;
  onclose?: (closed: { code: number }) => void;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  welcome() {
    this.onopen?.();
    this.say({ t: 'welcome', id: 1, user: 'per_1', conn: 'c1', hb_ms: 25_000 });
  }
  kinds = () => this.sent.map((frame) => frame.t);
}

let wires: Wire[];
const open = () => {
  const socket = new Socket({
    open: () => (wires.push(new Wire()), wires.at(-1) as unknown as WebSocket),
    chance: () => 0.5,
  });
  socket.start();
  return socket;
};
const follower = (at?: Cursor) => {
  const heard: Frame[] = [];
  return { heard, cursor: () => at, hear: (frame: Frame) => void heard.push(frame) };
};

beforeEach(() => {
  wires = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('the socket', () => {
  it('says hello without a token and follows rooms from their cursors once it is welcome', () => {
    const socket = open();
    socket.follow('room_1', follower({ epoch: 'e1', seq: 40 }));
    expect(wires[0].sent).toEqual([]);
    wires[0].welcome();
    expect(wires[0].sent[0]).toEqual({ t: 'hello', id: 1, v: 1 });
    expect(wires[0].sent[1]).toMatchObject({ t: 'sub', room: 'room_1', cursor: { epoch: 'e1', seq: 40 } });
    expect(socket.status).toBe('live');
  });

  it('gives a room its own frames only', () => {
    const socket = open();
    const [one, two] = [follower(), follower()];
    socket.follow('room_1', one);
    socket.follow('room_2', two);
    wires[0].welcome();
    wires[0].say({ t: 'ev', room: 'room_1', seq: 1 });
    expect([one.heard.length, two.heard.length]).toEqual([1, 0]);
  });

  it('comes back by itself, with jitter, and follows from the cursor of then', () => {
    const socket = open();
    const at = { epoch: 'e1', seq: 3 };
    socket.follow('room_1', { cursor: () => at, hear: () => {} });
    wires[0].welcome();
    at.seq = 9;
    wires[0].onclose?.({ code: 1006 });
    expect(socket.status).toBe('waiting');
    vi.advanceTimersByTime(499);
    expect(wires.length).toBe(1);
    vi.advanceTimersByTime(2);
    wires[1].welcome();
    expect(wires[1].sent[1]).toMatchObject({ t: 'sub', cursor: { epoch: 'e1', seq: 9 } });
  });

  it('obeys the wait that the hub asks for', () => {
    open();
    wires[0].welcome();
    wires[0].say({ t: 'bye', code: 4503, retry_ms: 12_000 });
    wires[0].onclose?.({ code: 4503 });
    vi.advanceTimersByTime(11_900);
    expect(wires.length).toBe(1);
    vi.advanceTimersByTime(200);
    expect(wires.length).toBe(2);
  });

  it('gives up a hub that is silent for 35 s, and any frame counts as a sign', () => {
    const socket = open();
    wires[0].welcome();
    vi.advanceTimersByTime(30_000);
    wires[0].say({ t: 'ping' });
    vi.advanceTimersByTime(30_000);
    expect(socket.status).toBe('live');
    vi.advanceTimersByTime(5_100);
    expect([socket.status, wires[0].closed]).toEqual(['waiting', true]);
  });

  it('answers a ping and does not try again after a final refusal', () => {
    const socket = open();
    wires[0].welcome();
    wires[0].say({ t: 'ping', n: 7 });
    expect(wires[0].sent.at(-1)).toEqual({ t: 'pong', n: 7 });
    wires[0].onclose?.({ code: 4003 });
    vi.advanceTimersByTime(120_000);
    expect([socket.status, wires.length]).toEqual(['refused', 1]);
  });

  it('does not follow a revoked room again, and keeps the others', () => {
    const socket = open();
    const gone = follower();
    socket.follow('room_1', gone);
    socket.follow('room_2', follower());
    wires[0].welcome();
    wires[0].say({ t: 'revoked', room: 'room_1', reason: 'removed' });
    wires[0].say({ t: 'ev', room: 'room_1', seq: 2 });
    expect(gone.heard.map((frame) => frame.t)).toEqual(['revoked']);
    wires[0].onclose?.({ code: 1006 });
    vi.advanceTimersByTime(1_000);
    wires[1].welcome();
    expect(wires[1].sent.filter((frame) => frame.t === 'sub').map((frame) => frame.room)).toEqual(['room_2']);
  });

  it('lets go of a room that nobody follows any more', () => {
    const socket = open();
    const leave = socket.follow('room_1', follower());
    wires[0].welcome();
    leave();
    expect(wires[0].kinds()).toEqual(['hello', 'sub', 'unsub']);
  });
});

describe('waiting between tries', () => {
  it('doubles up to 30 s and spreads by half to one and a half', () => {
    expect(backoffMs(0, 0.5)).toBe(500);
    expect(backoffMs(3, 0.5)).toBe(4_000);
    expect(backoffMs(30, 0)).toBe(15_000);
    expect(backoffMs(30, 1)).toBe(45_000);
  });

  it('knows which codes are final', () => {
    expect([4001, 4003, 4400].every(isFatal)).toBe(true);
    expect([1006, 4500, 4503, 4508, 4529].some(isFatal)).toBe(false);
  });
});
