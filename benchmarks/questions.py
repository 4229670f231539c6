"""Word problems made up for measuring speed. Their answers play no role."""

from __future__ import annotations

__all__ = ["QUESTIONS"]

QUESTIONS = (
    "A bakery sells rolls at 40 cents and loaves at 3 dollars. On Monday it sold 85 rolls and 32 "
    "loaves. How many dollars did it take in?",
    "Nadia reads 24 pages on each school day and 45 pages on each day of the weekend. How many "
    "pages does she read in 3 weeks?",
    "A train leaves with 180 passengers. At the first stop 45 get off and 30 get on, at the "
    "second a third of the passengers get off. How many are left?",
    "Water runs into a tank at 12 litres a minute and out of it at 5 litres a minute. The tank "
    "holds 350 litres and is empty. After how many minutes is it full?",
    "Omar has twice as many stamps as Lena, and Lena has 15 more than Piet. Together they have "
    "205 stamps. How many does Omar have?",
    "A shirt costs 48 dollars. It is reduced by 25 percent, and a week later by another 10 "
    "dollars. What do 3 shirts cost then?",
    "A school has 18 classes of 26 pupils. Two out of every nine pupils come by bicycle. How many "
    "pupils do not come by bicycle?",
    "A farmer has 14 cows, each of which gives 22 litres of milk a day. He keeps 8 litres and "
    "sells the rest at 60 cents a litre. How much does he earn in a week?",
    "Ines saves 35 dollars a month. After 8 months she buys a bicycle for 199 dollars. In how "
    "many further months does she have 300 dollars?",
    "A rope of 96 metres is cut into two pieces, one of which is three times as long as the "
    "other. How long is the shorter piece?",
    "A printer prints 18 pages a minute. It is refilled after every 250 pages, which takes 2 "
    "minutes. How long does it take to print 1,000 pages, to the nearest minute?",
    "Tom is 4 years older than his sister. In 6 years their ages add up to 40. How old is Tom now?",
    "A garden is 15 metres long and 9 metres wide. Fence posts stand every 3 metres all around "
    "it. Each post costs 7 dollars. What do the posts cost?",
    "A bus company has 12 buses with 52 seats and 7 with 38 seats. Four of the larger buses are "
    "in repair. How many seats are there to use?",
    "Of 240 apples, a tenth are bad. The good ones are packed into bags of 6, which are sold at 2 "
    "dollars 50 each. How much money does that bring?",
    "Mira walks 1.2 kilometres to school and back on 5 days a week. How many kilometres does she "
    "walk in a school year of 38 weeks?",
    "A cinema sells 130 tickets at 9 dollars and 85 tickets for children at 6 dollars. The film "
    "costs the cinema 700 dollars. What is its profit?",
    "A recipe for 4 people takes 300 grams of rice and 2 onions. How many grams of rice and "
    "onions together are needed for 14 people if an onion weighs 90 grams?",
    "A car uses 6.5 litres of fuel for 100 kilometres. A litre costs 1 dollar 80. What does the "
    "fuel for a journey of 420 kilometres cost?",
    "Three painters paint a fence in 8 hours. How many hours do 4 painters need who each work as "
    "fast?",
    "Yusuf scored 78, 85 and 91 points in three tests. How many points does he need in the fourth "
    "for a mean of 87?",
    "A library lends 340 books a week. Five percent come back late, and each late book costs 75 "
    "cents. How much does the library collect in 4 weeks?",
    "A cyclist rides for 2 hours at 18 kilometres an hour and for 90 minutes at 24 kilometres an "
    "hour. What is the mean speed of the whole ride?",
    "A box holds red, blue and green beads. There are 60 beads, half of them red, and twice as "
    "many blue as green. How many are green?",
)
