//! The client of `cargo xtask bench wire`: workload a over TCP, against whatever listens on a port.
//!
//! `wire PORT SIZE plain|confirms` answers each line on standard input with `COUNT NANOSECONDS`: so many messages were
//! published on one connection, delivered to another (prefetch 100) and acknowledged one by one, in so much time on the
//! clock. With confirms, at most 1,000 publishes wait for theirs.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const WINDOW: u64 = 1_000;
const PREFETCH: u16 = 100;
/// Neither broker may leave us waiting for ever.
const PATIENCE: Duration = Duration::from_secs(120);

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [port, size, mode] = &words[..] else {
        panic!("wire PORT SIZE plain|confirms");
    };
    let port = port.parse().expect("a port");
    let size = size.parse().expect("a number of messages");
    for (number, line) in io::stdin().lock().lines().enumerate() {
        line?;
        let queue = format!("bench-{}-{number}", std::process::id());
        let time = round(port, size, mode == "confirms", &queue)?;
        println!("{size} {}", time.as_nanos());
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at the clock")]
fn round(port: u16, size: u64, confirms: bool, queue: &str) -> io::Result<Duration> {
    let mut consumer = Client::connect(port)?;
    // Exclusive: it goes with its connection.
    let declare = [&[0, 0][..], &short(queue), &[0b100], &[0; 4]].concat();
    consumer.call((50, 10), &declare, (50, 11))?;
    consumer.call(
        (60, 10),
        &[&[0; 4][..], &PREFETCH.to_be_bytes(), &[0]].concat(),
        (60, 11),
    )?;
    let consume = [&[0, 0][..], &short(queue), &short("c"), &[0], &[0; 4]].concat();
    consumer.call((60, 20), &consume, (60, 21))?;
    let mut publisher = Client::connect(port)?;
    if confirms {
        publisher.call((85, 10), &[0], (85, 11))?;
    }
    let started = Instant::now();
    let consuming = thread::spawn(move || consumer.take(size));
    publisher.publish(queue, size, confirms)?;
    consuming.join().expect("the consumer does not panic")?;
    Ok(started.elapsed())
}

fn short(text: &str) -> Vec<u8> {
    let mut octets = vec![text.len() as u8];
    octets.extend(text.as_bytes());
    octets
}

fn frame(kind: u8, channel: u16, payload: &[u8]) -> Vec<u8> {
    let mut octets = vec![kind];
    octets.extend(channel.to_be_bytes());
    octets.extend((payload.len() as u32).to_be_bytes());
    octets.extend(payload);
    octets.push(0xCE);
    octets
}

type Method = (u16, u16);

fn method(channel: u16, (class, method): Method, arguments: &[u8]) -> Vec<u8> {
    let ids = [class.to_be_bytes(), method.to_be_bytes()].concat();
    frame(1, channel, &[&ids, arguments].concat())
}

/// One connection with channel 1.
struct Client {
    reader: BufReader<TcpStream>,
    writer: BufWriter<TcpStream>,
    payload: Vec<u8>,
}

impl Client {
    fn connect(port: u16) -> io::Result<Client> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut client = Client {
            reader: BufReader::with_capacity(1 << 16, stream.try_clone()?),
            writer: BufWriter::with_capacity(1 << 16, stream),
            payload: Vec::new(),
        };
        client.writer.write_all(b"AMQP\x00\x00\x09\x01")?;
        client.writer.flush()?;
        client.expect((10, 10))?;
        let login = b"\0guest\0guest";
        let response = [&(login.len() as u32).to_be_bytes()[..], login].concat();
        let start_ok = [&[0; 4][..], &short("PLAIN"), &response, &short("en_US")].concat();
        client.send(&method(0, (10, 11), &start_ok))?;
        client.expect((10, 30))?;
        // channel_max 2,047, frame_max 131,072, no heartbeat.
        client.send(&method(0, (10, 31), &[7, 255, 0, 2, 0, 0, 0, 0]))?;
        client.send(&method(0, (10, 40), &[&short("/")[..], &[0, 0]].concat()))?;
        client.expect((10, 41))?;
        client.send(&method(1, (20, 10), &[0]))?;
        client.expect((20, 11))?;
        Ok(client)
    }

    fn send(&mut self, octets: &[u8]) -> io::Result<()> {
        self.writer.write_all(octets)?;
        self.writer.flush()
    }

    fn call(&mut self, id: Method, arguments: &[u8], answer: Method) -> io::Result<()> {
        self.send(&method(1, id, arguments))?;
        self.expect(answer)
    }

    fn expect(&mut self, wanted: Method) -> io::Result<()> {
        match next_method(&mut self.reader, &mut self.payload)? {
            id if id == wanted => Ok(()),
            id => Err(io::Error::other(format!("{wanted:?} was due, {id:?} came"))),
        }
    }

    /// Takes and acknowledges so many deliveries.
    fn take(mut self, size: u64) -> io::Result<()> {
        for _ in 0..size {
            self.expect((60, 60))?;
            let tag_at = 5 + usize::from(self.payload[4]);
            let mut ack = [
                1, 0, 1, 0, 0, 0, 13, 0, 60, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xCE,
            ];
            ack[11..19].copy_from_slice(&self.payload[tag_at..tag_at + 8]);
            self.writer.write_all(&ack)?;
            // What has arrived is answered in one piece, as clients with a buffer do.
            if self.reader.buffer().len() < 200 {
                self.writer.flush()?;
            }
        }
        self.writer.flush()
    }

    fn publish(&mut self, queue: &str, size: u64, confirms: bool) -> io::Result<()> {
        let Client { reader, writer, .. } = self;
        let message = [
            method(1, (60, 40), &[&[0, 0, 0][..], &short(queue), &[0]].concat()),
            frame(2, 1, &[0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0]),
            frame(3, 1, &[b'x'; 100]),
        ]
        .concat();
        let confirmed = (Mutex::new(0), Condvar::new());
        thread::scope(|scope| {
            let reading =
                confirms.then(|| scope.spawn(|| count_confirms(reader, size, &confirmed)));
            for number in 0..size {
                if confirms && number % 100 == 0 {
                    writer.flush()?;
                    let (count, changed) = &confirmed;
                    let count = count.lock().expect("nobody panics with it");
                    let waits = |count: &mut u64| *count + WINDOW < number + 100;
                    drop(changed.wait_timeout_while(count, PATIENCE, waits));
                }
                writer.write_all(&message)?;
            }
            writer.flush()?;
            reading.map_or(Ok(()), |it| it.join().expect("it does not panic"))
        })
    }
}

fn count_confirms(
    reader: &mut BufReader<TcpStream>,
    size: u64,
    (count, changed): &(Mutex<u64>, Condvar),
) -> io::Result<()> {
    let (mut done, mut payload) = (0, Vec::new());
    while done < size {
        match next_method(reader, &mut payload)? {
            (60, 80) => {}
            id => return Err(io::Error::other(format!("a confirm was due, {id:?} came"))),
        }
        let tag = u64::from_be_bytes(payload[4..12].try_into().expect("eight octets"));
        // Tags come in order here: one queue, one channel.
        done = done.max(tag);
        *count.lock().expect("nobody panics with it") = done;
        changed.notify_one();
    }
    Ok(())
}

/// The next method; its frame's payload is left in `payload`, and content is read over.
fn next_method(reader: &mut impl Read, payload: &mut Vec<u8>) -> io::Result<Method> {
    loop {
        let mut head = [0; 7];
        reader.read_exact(&mut head)?;
        let size = u32::from_be_bytes([head[3], head[4], head[5], head[6]]) as usize;
        payload.resize(size + 1, 0);
        reader.read_exact(payload)?;
        if head[0] == 1 {
            return Ok((
                u16::from_be_bytes([payload[0], payload[1]]),
                u16::from_be_bytes([payload[2], payload[3]]),
            ));
        }
    }
}
