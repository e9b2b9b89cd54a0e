/** Consistency boundary that records what happened to it until its repository stores the events. */
export abstract class AggregateRoot<Event> {
  #events: Event[] = [];

  /** Records an event; it leaves the aggregate through {@link pullDomainEvents}. */
  protected addDomainEvent(event: Event): void {
    this.#events.push(event);
  }

  /** Hands over the recorded events, oldest first, and forgets them. */
  pullDomainEvents(): Event[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
