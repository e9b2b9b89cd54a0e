import { describe, expect, it } from '@jest/globals';
import { AggregateRoot } from './aggregate.ts';

class Contador extends AggregateRoot<number> {
  contar(ate: number): void {
    for (let n = 1; n <= ate; n += 1) this.addDomainEvent(n);
  }
}

describe('an aggregate', () => {
  it('hands over what happened to it once, oldest first', () => {
    const contador = new Contador();
    contador.contar(3);
    expect([contador.pullDomainEvents(), contador.pullDomainEvents()]).toEqual([[1, 2, 3], []]);
  });
});
