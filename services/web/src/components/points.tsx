import classes from './points.module.css';

/** A few things one after the other, each a line of its own; numbered where they are steps. */
export function Points({ items, numbered = false }: { items: string[]; numbered?: boolean }) {
  const List = numbered ? 'ol' : 'ul';
  return (
    <List className={classes.points}>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </List>
  );
}
