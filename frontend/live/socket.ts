/** The page's one WebSocket: it comes back by itself, and resumes where it was. */

export interface Frame {
  topic: string;
  id: string | null;
  type: string;
  position: string;
  thread?: string;
  space?: string;
}

export interface Listener {
  frame(frame: Frame): void;
  /** Too much was missed, or access was lost: what the page shows must be loaded again. */
  reload(): void;
  denied(topic: string): void;
  /** The session has ended. */
  signedOut(): void;
  connected(isConnected: boolean): void;
}

export interface Memory {
  read(): string | null;
  write(position: string): void;
}

const SIGNED_OUT = 4001;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 20_000;
const PING_MS = 25_000;
const PONG_MS = 8_000;
const TICK_MS = 5_000;
/** A tick that comes this late: the machine slept, and the connection is probably dead without knowing. */
const SLEPT_MS = 20_000;

export class LiveSocket {
  private socket: WebSocket | null = null;
  private topics = new Set<string>();
  /** Topics that this page was once granted: losing one is news, never having had it is not. */
  private granted = new Set<string>();
  private attempts = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private ticker: ReturnType<typeof setInterval> | undefined;
  private lastTick = Date.now();
  private lastHeard = Date.now();
  private pingedAt = 0;
  private isStopped = true;

  constructor(
    private readonly url: string,
    private readonly listener: Listener,
    private readonly memory: Memory,
  ) {}

  start(): void {
    if (!this.isStopped) return;
    this.isStopped = false;
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    this.connect();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.retry);
    clearInterval(this.ticker);
    this.drop();
  }

  /** Follow exactly these topics from now on. */
  follow(wanted: Iterable<string>): void {
    const next = new Set(wanted);
    const added = [...next].filter((topic) => !this.topics.has(topic));
    const gone = [...this.topics].filter((topic) => !next.has(topic));
    this.topics = next;
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    if (gone.length) this.send({ unsubscribe: gone });
    if (added.length) this.send({ subscribe: added });
  }

  /** Said to who is there and kept by nobody: lost without a connection. */
  say(words: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.send(words);
  }

  /** Something says that the network is back, or that the page is looked at again. */
  nudge(): void {
    if (this.isStopped) return;
    if (this.socket?.readyState === WebSocket.OPEN) {
      if (Date.now() - this.lastHeard > PING_MS) this.ping();
      return;
    }
    if (this.socket?.readyState === WebSocket.CONNECTING) return;
    this.attempts = 0;
    this.connect();
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.drop();
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (event) => {
      if (socket === this.socket) this.heard(String(event.data));
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.closed(event.code);
    };
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private opened(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.lastHeard = Date.now();
    this.pingedAt = 0;
    const since = this.memory.read();
    this.send({ subscribe: [...this.topics], ...(since ? { since } : {}) });
  }

  private closed(code: number): void {
    this.socket = null;
    this.listener.connected(false);
    if (this.isStopped) return;
    if (code === SIGNED_OUT) {
      this.stop();
      this.listener.signedOut();
      return;
    }
    const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.attempts++);
    // Jitter over the whole span: a restarted server must not be met by everybody at once.
    this.retry = setTimeout(() => this.connect(), FIRST_DELAY_MS / 2 + Math.random() * longest);
  }

  private heard(text: string): void {
    this.lastHeard = Date.now();
    this.pingedAt = 0;
    const message = JSON.parse(text) as Partial<Frame> & { type: string; topics?: string[] };
    switch (message.type) {
      case "ready":
        this.attempts = 0;
        for (const topic of message.topics ?? []) this.granted.add(topic);
        this.remember(message.position);
        this.listener.connected(true);
        return;
      case "pong":
        this.remember(message.position);
        return;
      case "reload":
        this.listener.reload();
        return;
      case "denied":
        if (message.topic && this.granted.delete(message.topic)) this.listener.denied(message.topic);
        return;
      case "error":
        return;
      default:
        // Told first: were the page to end in between, it would hear it again rather than never.
        this.listener.frame(message as Frame);
        this.remember(message.position);
    }
  }

  private remember(position: string | undefined): void {
    if (position) this.memory.write(position);
  }

  private send(message: object): void {
    this.socket?.send(JSON.stringify(message));
  }

  private ping(): void {
    this.pingedAt = Date.now();
    this.send({ ping: 1 });
  }

  private tick(): void {
    const now = Date.now();
    const hasSlept = now - this.lastTick > SLEPT_MS;
    this.lastTick = now;
    if (this.socket?.readyState !== WebSocket.OPEN) {
      if (hasSlept) this.nudge();
      return;
    }
    const isDead = this.pingedAt > 0 && now - this.pingedAt > PONG_MS;
    if (hasSlept || isDead) {
      this.listener.connected(false);
      this.connect();
    } else if (!this.pingedAt && now - this.lastHeard > PING_MS) this.ping();
  }
}
