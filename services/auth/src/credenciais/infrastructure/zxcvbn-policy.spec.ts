import { describe, expect, it } from '@jest/globals';
import { ZxcvbnPolicy } from './zxcvbn-policy.ts';

const ana = { nome: 'Ana Maria', email: 'anamaria.souza@exemplo.com' };
const policy = new ZxcvbnPolicy({ minLength: 8, minScore: 2 });
const MIXED = 'Ye4,k~Uq9;wZ!t2"Gc';

const verdict = (senha: string, strict = policy) => {
  const checked = strict.check(senha, ana);
  return checked.isFailure ? checked.error.message : 'ok';
};

/** Time on the processor, so that what else the machine does is not counted. */
function spent(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('the policy of passwords', () => {
  it.each([
    'Senha@123',
    'Senha@12',
    'correta bateria cavalo grampo',
    'maçã não é pêra',
    '你好世界再见朋友们啊',
    Array.from({ length: 64 }, (_, n) => MIXED[(n * 7) % MIXED.length]).join(''),
    `${'aaaaaaaa'.repeat(10)} mas depois vem outra coisa`,
  ])('takes %j by default', (senha) => {
    expect(verdict(senha)).toBe('ok');
  });

  it.each([
    ['12345678', 'uma das mais usadas'],
    ['PassWord1', 'uma das mais usadas'],
    ['ｐａｓｓｗｏｒｄ１', 'uma das mais usadas'],
    ['zzzzzzzzzz', 'são fáceis de adivinhar'],
    ['a1'.repeat(64), 'repetid'],
    ['qwertyuiop1357', 'parece com uma das mais usadas'],
    ['flamengo', 'uma das mais usadas'],
    ['universidade', 'palavra'],
    ['ana maria', 'igual ao seu nome'],
    ['AnaMaria.Souza@exemplo.com', 'igual ao seu nome, ao seu e-mail'],
    ['anamaria.souza', 'ao seu e-mail'],
    ['souza123', 'contém o seu nome'],
    ['Reservas1', 'nome da plataforma'],
    ['plataforma de reservas', 'nome da plataforma'],
    ['abcdefg', 'de 8 a 128 caracteres'],
    ['x9'.repeat(65), 'de 8 a 128 caracteres'],
  ])('refuses %j and says why', (senha, porque) => {
    expect(verdict(senha)).toContain(porque);
  });

  it('asks for as much as whoever runs the platform wants', () => {
    expect(verdict('Senha@12', new ZxcvbnPolicy({ minLength: 8, minScore: 3 }))).not.toBe('ok');
    expect(verdict('Senha@123', new ZxcvbnPolicy({ minLength: 8, minScore: 4 }))).not.toBe('ok');
    expect(verdict('Senha@123', new ZxcvbnPolicy({ minLength: 15, minScore: 2 }))).toContain('de 15 a 128');
    expect(verdict('universidade', new ZxcvbnPolicy({ minLength: 8, minScore: 0 }))).toBe('ok');
    expect(verdict('12345678', new ZxcvbnPolicy({ minLength: 8, minScore: 0 }))).not.toBe('ok');
  });

  it('looks at the worst password in less than fifty milliseconds', () => {
    const random = (signs: string) =>
      Array.from({ length: 128 }, () => signs[Math.floor(Math.random() * signs.length)]).join('');
    const worst = () => [
      ...['@4$5301!7(', 'p@ssw0rd4$5301!7(+|%', 'abcdefghijklmnop', '0123456789', 'i1l|!', '4@', 'ab'].map(
        random,
      ),
      ...['01/01/1999', 'password', 'passwordqwertyuiop123456', 'qwertyuiop[]asdfghjkl'].map((text) =>
        text.repeat(20).slice(0, 128),
      ),
    ];
    for (const senha of worst()) policy.check(senha, ana);
    for (const senha of worst()) {
      const fastest = Math.min(...[1, 2, 3].map(() => spent(() => policy.check(senha, ana))));
      expect([senha, fastest < 50]).toEqual([senha, true]);
    }
  });
});
