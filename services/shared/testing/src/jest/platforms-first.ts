import sequencers from '@jest/test-sequencer';

// Its types are those of its CommonJS, whose default export is a member; Node loads its ES module.
const Sequencer = sequencers as unknown as typeof sequencers.default;
type Tests = Parameters<InstanceType<typeof Sequencer>['sort']>[0];

/** What starts a whole platform, or several. */
const PLATFORM = /\/e2e\/.*\.(e2e|proof)\.spec\.ts$/;

/**
 * jest's `testSequencer`. jest begins with the files that took longest, and with the largest on a machine that has not run them:
 * but a file that takes minutes is short where others do the work, and whatever begins last ends alone.
 */
export default class PlatformsFirst extends Sequencer {
  override async sort(tests: Tests): Promise<Tests> {
    const bySize = await super.sort(tests);
    const [first, then] = [true, false].map((platform) =>
      bySize.filter(({ path }) => PLATFORM.test(path) === platform),
    );
    return [...(first ?? []), ...(then ?? [])];
  }
}
