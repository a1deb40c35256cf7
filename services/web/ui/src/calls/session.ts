import { socket, type CallState, type Frame, type SignalKind } from '../api/socket';
import { difference, isPolite } from './model';
import { Peer } from './peer';

export type Phase = 'asking' | 'joining' | 'in' | 'waiting';
/** Why one is in a call no longer, or without something. */
export type Trouble = 'full' | 'elsewhere' | 'revoked' | 'lapsed' | 'off' | 'refused' | 'taken' | 'microphone';

/** One call as one takes part in it. Replaced as a whole with each change. */
export interface View {
  room: string;
  title: string;
  phase: Phase;
  seat: string | null;
  muted: boolean;
  deaf: boolean;
  /** One's own screen, while it is shared. */
  own: MediaStream | null;
  screens: Readonly<Record<string, MediaStream>>;
  /** The seats whose voices are heard now. */
  speaking: readonly string[];
  /** The seats to which there is a connection. */
  connected: readonly string[];
  microphone: string | null;
  noMicrophone: boolean;
}

const LISTEN_MS = 250;
const LOUD = 0.02;

/** Takes part in one call: the microphone, the connections, and what is told of them. */
export class Session {
  view: View;
  private peers = new Map<string, Peer>();
  private voices = new Map<string, HTMLAudioElement>();
  private stream = new MediaStream();
  private servers: RTCIceServer[] = [];
  private asked = 0;
  /** What others said before the hub told one's own seat. */
  private early: Extract<Frame, { t: 'call_signal' }>[] = [];
  private ended = false;
  private listening: ReturnType<typeof setInterval> | undefined;
  private stop: (() => void)[] = [];

  constructor(
    room: string,
    title: string,
    private changed: (view: View | null, trouble?: Trouble) => void,
  ) {
    this.view = {
      room, title, phase: 'asking', seat: null, muted: false, deaf: false, own: null, screens: {},
      speaking: [], connected: [], microphone: null, noMicrophone: false,
    };
  }

  async start() {
    this.changed(this.view);
    await this.listenBy(undefined);
    if (this.ended) return;
    const online = () => this.peers.forEach((peer) => peer.restart());
    const leave = () => this.leave();
    window.addEventListener('online', online);
    window.addEventListener('pagehide', leave);
    this.stop = [
      socket.listen((frame) => this.hear(frame)),
      socket.watch(() => this.join()),
      () => window.removeEventListener('online', online),
      () => window.removeEventListener('pagehide', leave),
    ];
    this.listening = setInterval(() => void this.listen(), LISTEN_MS);
    this.join();
  }

  leave() {
    if (this.view.seat) socket.send({ t: 'call_leave', room: this.view.room, seat: this.view.seat });
    this.end();
  }

  mute(muted: boolean) {
    for (const track of this.stream.getAudioTracks()) track.enabled = !muted;
    this.become({ muted });
    this.tell();
  }

  deafen(deaf: boolean) {
    for (const voice of this.voices.values()) voice.muted = deaf;
    this.become({ deaf });
  }

  /** Speaks by this microphone from now on. */
  async listenBy(device: string | undefined) {
    try {
      const audio = device ? { deviceId: { exact: device } } : true;
      const fresh = await navigator.mediaDevices.getUserMedia({ audio, video: false });
      if (this.ended) return fresh.getTracks().forEach((track) => track.stop());
      this.stream.getTracks().forEach((track) => track.stop());
      this.stream = fresh;
      const [track] = fresh.getAudioTracks();
      track.enabled = !this.view.muted;
      for (const peer of this.peers.values()) peer.hear(track, fresh);
      this.become({ microphone: track.getSettings().deviceId ?? null, noMicrophone: false });
    } catch {
      // One may listen without one.
      if (this.stream.getAudioTracks().length > 0) return this.changed(this.view, 'microphone');
      this.become({ noMicrophone: true, muted: true });
    }
  }

  async share() {
    let own: MediaStream;
    try {
      own = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: false });
    } catch {
      return;
    }
    if (this.ended) return own.getTracks().forEach((track) => track.stop());
    own.getVideoTracks()[0].onended = () => this.unshare();
    this.become({ own });
    for (const peer of this.peers.values()) peer.show(own);
    this.tell();
  }

  unshare() {
    const { own } = this.view;
    if (!own) return;
    own.getTracks().forEach((track) => track.stop());
    for (const peer of this.peers.values()) peer.show(null);
    this.become({ own: null });
    this.tell();
  }

  /** The call as the hub tells it: whom to connect to, and whom to let go. */
  meet(state: CallState) {
    const { seat } = this.view;
    if (!seat) return;
    const { came, went } = difference(this.peers.keys(), state, seat);
    for (const one of went) this.part(one);
    for (const one of came) this.peer(one);
    const sharing = new Set(state.seats.filter((one) => one.sharing).map((one) => one.seat));
    const screens = Object.fromEntries(Object.entries(this.view.screens).filter(([one]) => sharing.has(one)));
    if (Object.keys(screens).length !== Object.keys(this.view.screens).length) this.become({ screens });
  }

  /** Takes a seat, or the one that one had before the socket broke: the connections stay. */
  private join() {
    if (this.ended) return;
    if (socket.status !== 'live') return void (this.view.phase === 'in' && this.become({ phase: 'waiting' }));
    if (this.view.phase === 'in') return;
    const { room, seat, muted } = this.view;
    this.asked = socket.id();
    socket.send({ t: 'call_join', id: this.asked, room, muted, ...(seat ? { seat } : {}) });
    if (this.view.phase === 'asking') this.become({ phase: 'joining' });
  }

  private hear(frame: Frame) {
    const { room, seat } = this.view;
    if (frame.t === 'nak' && frame.id === this.asked) return this.refused(frame.code, frame.retry);
    if (!('room' in frame) || frame.room !== room) return;
    if (frame.t === 'call_joined') this.joined(frame);
    else if (frame.t === 'call_signal') this.signalled(frame);
    else if (frame.t === 'call') {
      if (frame.call) this.meet(frame);
    } else if (frame.t === 'call_over' && frame.seat === seat) this.end(frame.reason);
    else if (frame.t === 'revoked') this.end('revoked');
  }

  private joined(frame: Extract<Frame, { t: 'call_joined' }>) {
    const again = this.view.seat === frame.seat;
    if (!again) for (const one of [...this.peers.keys()]) this.part(one);
    this.servers = frame.ice;
    this.become({ phase: 'in', seat: frame.seat });
    const early = this.early;
    this.early = [];
    for (const one of early) this.signalled(one);
    if (again) for (const peer of this.peers.values()) if (peer.state !== 'connected') peer.restart();
    if (this.view.muted || this.view.own) this.tell();
  }

  private signalled(frame: Extract<Frame, { t: 'call_signal' }>) {
    if (this.view.phase === 'joining') return void this.early.push(frame);
    if (frame.seat === this.view.seat) void this.peer(frame.from).take(frame.kind, frame.body);
  }

  private refused(code: string, retry?: number | boolean) {
    if (typeof retry === 'number' && this.view.phase !== 'in') {
      setTimeout(() => this.join(), retry);
      return;
    }
    if (code === 'taken') {
      this.unshare();
      return this.changed(this.view, 'taken');
    }
    this.end(code === 'full' || code === 'off' ? code : 'refused');
  }

  private tell() {
    const { room, seat, muted, own } = this.view;
    if (!seat) return;
    this.asked = socket.id();
    socket.send({ t: 'call_tell', id: this.asked, room, seat, muted, sharing: !!own });
  }

  private peer(other: string) {
    const known = this.peers.get(other);
    if (known) return known;
    const own = this.view.seat!;
    const send = (kind: SignalKind, body: string) =>
      void socket.send({ t: 'call_signal', room: this.view.room, seat: own, to: other, kind, body });
    const peer = new Peer(this.servers, isPolite(own, other), {
      send,
      heard: (stream) => this.voice(other, stream),
      screen: (stream) => {
        const { [other]: _before, ...rest } = this.view.screens;
        this.become({ screens: stream ? { ...rest, [other]: stream } : rest });
      },
      changed: () => {
        const there = [...this.peers].filter(([, one]) => one.state === 'connected');
        this.become({ connected: there.map(([seat]) => seat) });
      },
    });
    this.peers.set(other, peer);
    peer.hear(this.stream.getAudioTracks()[0] ?? null, this.stream);
    if (this.view.own) peer.show(this.view.own);
    return peer;
  }

  private voice(other: string, stream: MediaStream | null) {
    const voice = this.voices.get(other) ?? new Audio();
    this.voices.set(other, voice);
    voice.srcObject = stream;
    voice.muted = this.view.deaf;
    void voice.play().catch(() => {});
  }

  private part(other: string) {
    this.peers.get(other)?.close();
    this.peers.delete(other);
    const voice = this.voices.get(other);
    if (voice) voice.srcObject = null;
    this.voices.delete(other);
    const { [other]: _gone, ...screens } = this.view.screens;
    this.become({ screens, connected: this.view.connected.filter((one) => one !== other) });
  }

  /** Who is loud now; one's own voice is measured where it goes out. */
  private async listen() {
    const loud: string[] = [];
    let own = 0;
    for (const [seat, peer] of this.peers) {
      for (const receiver of peer.wire.getReceivers()) {
        const level = receiver.track.kind === 'audio' ? receiver.getSynchronizationSources()[0]?.audioLevel : 0;
        if ((level ?? 0) > LOUD) loud.push(seat);
      }
    }
    const [first] = this.peers.values();
    if (first && !this.view.muted && this.view.seat) {
      const stats = await first.wire.getStats();
      stats.forEach((one) => {
        if (one.type === 'media-source' && one.kind === 'audio') own = Math.max(own, Number(one.audioLevel ?? 0));
      });
      if (own > LOUD && this.view.seat) loud.push(this.view.seat);
    }
    if (!this.ended && loud.join() !== this.view.speaking.join()) this.become({ speaking: loud });
  }

  private end(trouble?: string) {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.listening);
    for (const stop of this.stop) stop();
    for (const other of [...this.peers.keys()]) this.part(other);
    this.stream.getTracks().forEach((track) => track.stop());
    this.view.own?.getTracks().forEach((track) => track.stop());
    this.changed(null, trouble as Trouble | undefined);
  }

  private become(change: Partial<View>) {
    if (this.ended) return;
    this.view = { ...this.view, ...change };
    this.changed(this.view);
  }
}
