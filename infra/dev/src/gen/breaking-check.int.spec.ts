import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkBreaking } from './breaking-check.ts';
import { REPOSITORY } from './fixture-workspace.ts';

const run = promisify(execFile);
const CONTRACT = 'proto/exemplo/v1/exemplo.proto';
const VENDORED = 'proto/third_party/fora/fora.proto';
const BEFORE = `syntax = "proto3";
package exemplo.v1;
message Coisa {
  string id = 1;
  string nome = 2;
}
`;

describe('checkBreaking', () => {
  let repository: string;
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), text);
  };
  const git = (...args: string[]) => run('git', args, { cwd: repository });
  const commit = async (): Promise<void> => {
    await git('add', '--all');
    const who = ['-c', 'user.name=Teste', '-c', 'user.email=teste@exemplo.com', '-c', 'commit.gpgsign=false'];
    await git(...who, 'commit', '--quiet', '--allow-empty', '--message', 'contratos');
  };

  beforeEach(async () => {
    repository = await mkdtemp(join(tmpdir(), 'plataforma-breaking-'));
    await git('init', '--quiet', '--initial-branch=main');
  });

  afterEach(() => rm(repository, { recursive: true }));

  const publishContract = async (): Promise<void> => {
    await cp(join(REPOSITORY, 'buf.yaml'), join(repository, 'buf.yaml'));
    await write(CONTRACT, BEFORE);
    await write(VENDORED, BEFORE.replace('exemplo.v1', 'fora'));
    await commit();
    await git('tag', 'v1.2.0');
  };

  it('reports the field when one was removed', async () => {
    await publishContract();
    await write(CONTRACT, BEFORE.replace('  string nome = 2;\n', ''));
    const result = await checkBreaking(REPOSITORY, repository);
    expect(result.kind).toBe('broken');
    expect(result).toHaveProperty('report', expect.stringContaining('field "2" with name "nome"'));
  });

  it('reports the field when one was renamed, because JSON carries names', async () => {
    await publishContract();
    await write(CONTRACT, BEFORE.replace('nome', 'titulo'));
    expect((await checkBreaking(REPOSITORY, repository)).kind).toBe('broken');
  });

  it('is content when a field was added', async () => {
    await publishContract();
    await write(CONTRACT, BEFORE.replace('nome = 2;', 'nome = 2;\n  string cor = 3;'));
    expect(await checkBreaking(REPOSITORY, repository)).toEqual({ kind: 'compatible', against: 'v1.2.0' });
  });

  it('is content when only vendored files changed', async () => {
    await publishContract();
    await write(VENDORED, 'syntax = "proto3";\npackage fora;\n');
    expect((await checkBreaking(REPOSITORY, repository)).kind).toBe('compatible');
  });

  it('compares with the highest release that the commit follows from, and no other tag', async () => {
    await publishContract();
    await write(CONTRACT, BEFORE.replace('nome = 2;', 'nome = 2;\n  string cor = 3;'));
    await commit();
    for (const tag of ['v1.10.0', 'v1.11.0-rc1', 'vespera']) await git('tag', tag);
    await write(CONTRACT, BEFORE);
    const result = await checkBreaking(REPOSITORY, repository);
    expect(result).toMatchObject({ kind: 'broken', against: 'v1.10.0' });
    await git('checkout', '--quiet', '--force', 'v1.2.0');
    expect(await checkBreaking(REPOSITORY, repository)).toEqual({ kind: 'compatible', against: 'v1.2.0' });
  });

  it('says that there is nothing to compare with before the first release', async () => {
    await write(CONTRACT, BEFORE);
    await commit();
    expect(await checkBreaking(REPOSITORY, repository)).toEqual({
      kind: 'nothing-to-compare',
      reason: expect.stringContaining('there is no release yet'),
    });
  });

  it('fails instead of reporting a break when the contracts do not build', async () => {
    await publishContract();
    await write(CONTRACT, `${BEFORE}message {`);
    await expect(checkBreaking(REPOSITORY, repository)).rejects.toThrow('buf build failed');
  });
});
