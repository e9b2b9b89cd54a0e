import { beforeAll, describe, expect, it } from '@jest/globals';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { wrongBy } from './document.ts';
import { Driver } from './driver.ts';
import { MALFORMED, sendMalformed } from './malformed.ts';
import { keptRecording, recordingOf } from './recording.ts';
import { playAll } from './scenes/all.ts';
import { prepare, type Stage } from './stage.ts';
import { UNDRIVEN } from './undriven.ts';

/** What these show depends on which of two messages came first: held to its schema, and not to the kept example. */
const BY_CHANCE = /ReservasService_ObterSaga\.json$/;

let stage: Stage;
let driver: Driver;
let coverage: Coverage;

beforeAll(async () => {
  const platform = await sharedPlatform();
  driver = new Driver(platform.edgeUrl);
  stage = await prepare(platform, driver);
  await playAll(stage);
  coverage = coverageOf(driver.exchanges);
}, 300_000);

describe('the documents of the REST API', () => {
  it('say what the platform answers: status, headers, type and body of every answer, and nothing that is not said', () => {
    expect(driver.faults).toEqual([]);
  });

  it('are driven: every operation, and every failure but those that are listed with a reason', () => {
    const { operations, failures, missing } = coverage;
    console.info(
      `Driven by the gate: ${operations.driven} of ${operations.all} operations, ${failures.driven} of ${failures.all} failures.`,
    );
    const listed = missing.filter((one) => UNDRIVEN.some(({ which }) => which.test(one)));
    expect(missing.filter((one) => !listed.includes(one))).toEqual([]);
    expect(UNDRIVEN.filter(({ which }) => !missing.some((one) => which.test(one)))).toEqual([]);
  });

  it('show what the platform says today (npm run examples keeps it anew)', () => {
    const now = recordingOf(driver.exchanges);
    const kept = keptRecording();
    expect([...kept.keys()].sort()).toEqual([...now.keys()].sort());
    const read = (recording: ReadonlyMap<string, string>) =>
      Object.fromEntries(
        [...recording]
          .filter(([file]) => !BY_CHANCE.test(file))
          .map(([file, text]) => [file, JSON.parse(text)]),
      );
    expect(read(kept)).toEqual(read(now));
  });
});

describe('what no client means to send', () => {
  it('is refused as documented, with the body of every problem', async () => {
    const wrong: string[] = [];
    for (const request of MALFORMED) {
      const { status, body } = await sendMalformed(stage.platform.edgeUrl, request, stage.ana);
      if (status < 400 || status >= 500)
        wrong.push(`${request.title}: ${status} ${JSON.stringify(body).slice(0, 200)}`);
      else
        wrong.push(
          ...wrongBy('/components/schemas/Erro', body).map((what) => `${request.title}: ${status} ${what}`),
        );
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});
