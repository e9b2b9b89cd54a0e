import { type Random, seededRandom, shuffled } from '@plataforma/dev/stripe/switches/seeded-random';
import { compare, compareTotals } from '../books/comparison.ts';
import { readBooks, readTotals } from '../books/read-books.ts';
import { type Clocks, Cluster } from './cluster.ts';
import { Disturber } from './disturber.ts';
import { People, type Person } from './people.ts';
import { givenUp, repeatedEffects, settle } from './rest.ts';
import { failuresOf, SCENARIOS, type Scenario } from './scenarios.ts';
import { DoubledWebhooks } from './webhooks.ts';

/** What became of one schedule. */
export interface ScheduleResult {
  /** What does not fit when everything has come to rest. */
  readonly problems: readonly string[];
  /** How often each thing that is to be borne was really there. */
  readonly blows: Readonly<Record<string, number>>;
  /** What was done, for the reader who looks for the reason. */
  readonly report: string;
}

/** One booking, its end still to be looked at. */
interface Story {
  readonly scenario: Scenario;
  readonly person: Person;
  failure?: unknown;
}

/** People on the way at the same time. */
const AT_ONCE = 5;
/** No clock is further from true time; the two of a service are a minute apart at most, and half a minute at least. */
const MAX_DEVIATION_MS = 30_000;
const MIN_DEVIATION_MS = 15_000;

/** People live through their scenarios while the bus is disturbed, then everything comes to rest and the books are compared. */
export async function runSchedule(seed: number): Promise<ScheduleResult> {
  const cluster = await Cluster.setUp(drawClocks(seededRandom(seed)));
  const people = new People(cluster);
  const webhooks = new DoubledWebhooks(cluster, seededRandom(seed));
  const disturber = new Disturber(cluster, seededRandom(seed));
  const stories: Story[] = [];
  try {
    webhooks.start();
    await liveDisturbed(people, disturber, stories, seededRandom(seed));
    const restless = await settle(cluster, webhooks);
    const problems = [...restless, ...(await problemsOf(cluster, stories, webhooks))];
    return {
      problems,
      blows: blowsOf(cluster, disturber, webhooks),
      report: report(cluster, disturber, stories),
    };
  } finally {
    await webhooks.stop();
    people.close();
    await cluster.tearDown();
  }
}

/** People go on until the bus is left in peace, and then finish what they have begun. */
async function liveDisturbed(people: People, disturber: Disturber, stories: Story[], choice: Random) {
  const end = new AbortController();
  const lanes = Array.from({ length: AT_ONCE }, () => live(people, choice, stories, end.signal));
  try {
    await disturber.disturb();
  } finally {
    end.abort();
    await Promise.all(lanes);
  }
}

function drawClocks(random: Random): Clocks {
  const deviation = () => Math.round(MIN_DEVIATION_MS + random() * (MAX_DEVIATION_MS - MIN_DEVIATION_MS));
  const pair = () =>
    random() < 0.5 ? ([-deviation(), deviation()] as const) : ([deviation(), -deviation()] as const);
  return { reservas: pair(), pagamentos: pair(), notificacoes: pair() };
}

/** One person after the other. */
async function live(people: People, choice: Random, stories: Story[], end: AbortSignal): Promise<void> {
  while (!end.aborted) {
    const [scenario] = shuffled(SCENARIOS, choice) as [Scenario, ...Scenario[]];
    const story: Story = { scenario, person: await people.newPerson() };
    stories.push(story);
    try {
      await scenario.live(story.person);
    } catch (error) {
      story.failure = error;
    }
  }
}

async function problemsOf(
  cluster: Cluster,
  stories: readonly Story[],
  webhooks: DoubledWebhooks,
): Promise<string[]> {
  const [done, failures] = [
    stories.filter(({ failure }) => !failure),
    stories.filter(({ failure }) => failure),
  ];
  const books = await readBooks(
    cluster,
    done.map(({ person }) => person.reservaId),
  );
  const bookOf = ({ reservaId }: Person) => books.reservas.find(({ id }) => id === reservaId);
  return [
    ...failures.map(({ scenario, person, failure }) => `${person.reservaId} "${scenario.name}": ${failure}`),
    ...done.flatMap(({ scenario, person }) => failuresOf(scenario, bookOf(person))),
    ...compare(books),
    ...compareTotals(await readTotals(cluster)),
    ...(await givenUp(cluster)),
    ...(await repeatedEffects(cluster)),
    ...webhooks.newTwice.map((id) => `webhook ${id} was new to both replicas`),
  ];
}

function blowsOf({ watcher }: Cluster, disturber: Disturber, webhooks: DoubledWebhooks) {
  const inBoth = [...watcher.finishedBy].filter(([, replicas]) => replicas.size === 2).length;
  return {
    ...disturber.blows,
    'deliveries that were not the first': watcher.redelivered,
    'deliveries while the other replica had the message in hand': watcher.sideBySide,
    'messages that both replicas finished': watcher.finishedByBoth,
    'publications that the stream had already': watcher.publishedAgain,
    'consumers at work in both replicas': inBoth,
    'webhooks that both replicas took at the same moment': webhooks.toBoth,
  };
}

function report({ replicas }: Cluster, { steps }: Disturber, stories: readonly Story[]): string {
  const clocks = replicas.map(({ name, aheadMs }) => `${name} ${aheadMs} ms`);
  const scenarios = stories.map(({ scenario, person }) => `${person.reservaId} ${scenario.name}`);
  return [`clocks: ${clocks.join(', ')}`, ...steps, ...scenarios].join('\n');
}
