// Package lognote reads a small text notation of running logs, a line a week, and builds the log that the files of such
// a runner would make. Every rule's worked examples are written in it: they are its documentation, its test and what
// "explain" prints.
//
//	athlete height 180
//	every @168/road                                   # every run below: 168 steps a minute, on the road
//	week 2024-03-04 x3   5   _   6   _   5   _   10   # three weeks, Monday to Sunday: km, or _ for a day off
//	week +1              5   _   6   _   5   _   18   # want KC101 warning 18.0 km
//	week +1              5   _   6                    # unfinished: the log is as of the last day given
//
// # Weeks
//
// A week line is the word week, where the week lies, and a cell for each of its seven days. The place is the date of the
// week's first day, or +1 for the week after the line before (+3 leaves two weeks without a run between). xN, alone or
// after the place, repeats the week N times; alone it begins at +1. The last week may have fewer than seven cells.
//
// # Cells
//
// A cell is _ for a day off, or the runs of the day joined by +, as in 5+8. A run is kilometres and then, in any order:
//
//	10@165         cadence in steps a minute; without it the run has no cadence
//	10@168>160     the same, 168 in the first third of the run and 160 in the last
//	10h152         heart rate in beats a minute; without it the run has no heart rate
//	10h150>168     the same, 150 in the first third of the run, 168 in the last and the mean in between
//	10p5:30        pace, minutes and seconds a kilometre; 6:00 when not given
//	10/treadmill   kind of run: road, trail, track, treadmill or virtual
//	10v1500:90     downhill: 1500 m run at −5 % or steeper, 90 m descended on them
//	10w1200:150    steep: 1200 m run at −10 % or steeper, 150 m descended on them; counts as downhill too unless v is given
//	10c12          longest stretch without a walking break, in minutes; the whole run when not given
//	10~2%          spread of speed, standard deviation ÷ mean; 8 % when not given
//	10s80/10/5     ground: 80 % hard, 10 % medium, 5 % soft, the rest unknown; else a road is hard, a track medium, a trail soft
//	10s80(75-90)/9 the same with bounds of the hard part of the known ground
//	10!race        a race
//
// # Other lines
//
//	athlete height 180          centimetres
//	athlete novice
//	every @165p5:30/road        attributes of all runs in the weeks below; a cell's own win
//	altitude barometer          runs without v and w are known to be flat; without this line their climb is not known. Or gps
//	weekstart sunday            weeks begin on another day than Monday
//	asof 2024-04-01             the last day that counts, when it is not the last day given
//	strength 2024-03-05 2024-03-07
//	shoe Pegasus start 450 since 2024-01-01 until 2024-06-30 limit 700
//	pain 2024-03-06 right outer 4 settled 24h worse limp   one entry of the pain journal
//	pain                        a pain journal without an entry
//
// A pain line is a date and then, in any order and each at most once: the side, the place, a figure for the pain while
// running, settled and how long it lasted, how the next morning was, and signs, all in the words of pain.csv. The word none
// says that there is no sign. Without a pain line the runner keeps no journal.
//
// # Wants
//
// A comment begins with #. One that begins with the word want names a finding that the log must give: the rule,
// then perhaps the severity, then perhaps a text that the message must contain. It belongs to the week line it ends, or
// when it has a line to itself, to the week line above. One comment holds several wants when each begins with its own #.
// "# want-not-judged KC201" with an optional text stands anywhere and says that the rule must report a lack of data.
package lognote
